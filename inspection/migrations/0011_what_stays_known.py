"""What a model was thrown back for is known by what its answers come from; a proposal knows the level change before."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspection", "0010_said")]

    operations = [
        migrations.AddField(
            model_name="modelversion",
            name="core",
            field=models.CharField(
                blank=True,
                default="",
                help_text="SHA-256 of what its answers come from; blank: not known of an older row.",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="proposal",
            name="after_change",
            field=models.BigIntegerField(
                help_text="Key of the last change of the level before it; null: not known of an older row.", null=True
            ),
        ),
    ]
