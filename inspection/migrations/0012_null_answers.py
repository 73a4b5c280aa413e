"""Parts without an answer of the AI are evidence too, and pictures that come again are not."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('inspection', '0011_what_stays_known'),
    ]

    operations = [
        migrations.AddField(
            model_name='evidence',
            name='repeated',
            field=models.BooleanField(default=False, help_text='The picture had come before; the row proves nothing.'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='late',
            field=models.BooleanField(
                default=False, help_text='No answer came in time; the row tells only of the share that the AI passes.'
            ),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='score',
            field=models.FloatField(help_text='Null: the AI gave no answer, which counts as UNSURE.', null=True),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(condition=models.Q(('repeated', True)), fields=['epoch'], name='evidence_repeated'),
        ),
    ]
