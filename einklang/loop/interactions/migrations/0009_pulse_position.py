from django.db import migrations


class Migration(migrations.Migration):
    """How far each reader had come: from one minute to the next, how much it read."""

    dependencies = [("interactions", "0008_answers")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE interactions_pulse ADD COLUMN pos bigint",
            "ALTER TABLE interactions_pulse DROP COLUMN pos",
        )
    ]
