"""What rules gave as a reason is kept as a sentence beside its English text; older rows have their text alone."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspection", "0009_what_comes_to_light")]

    operations = [
        migrations.AddField(
            model_name="levelchange",
            name="said",
            field=models.JSONField(
                help_text="The reason as a sentence of any language; null: the text is all.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="levelchange",
            name="reason",
            field=models.TextField(help_text="In English where a rule gave it."),
        ),
        migrations.AddField(
            model_name="proposal",
            name="said",
            field=models.JSONField(help_text="The same as a sentence of any language; null: the text is all.", null=True),
        ),
        migrations.AddField(
            model_name="refusal",
            name="said",
            field=models.JSONField(help_text="The same as a sentence of any language; null: the text is all.", null=True),
        ),
    ]
