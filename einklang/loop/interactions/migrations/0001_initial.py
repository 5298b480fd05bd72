from pathlib import Path

from django.db import migrations, models

SCHEMA = Path(__file__).with_name("0001_log.sql").read_text()


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            SCHEMA,
            """
            DROP TABLE interactions_log, interactions_key, interactions_checkpoint, interactions_write_key;
            DROP FUNCTION interactions_announce_statement(), interactions_announce(),
                interactions_refuse_change(), interactions_attach(date), interactions_claim(json, date[], date);
            DROP SEQUENCE interactions_pos;
            """,
            state_operations=[
                migrations.CreateModel(
                    name="Row",
                    fields=[
                        ("pos", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("id", models.UUIDField()),
                        ("occurred_at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("kind", models.TextField()),
                        ("person", models.UUIDField(null=True)),
                        ("source", models.TextField()),
                        ("source_id", models.TextField()),
                    ],
                    options={"db_table": "interactions_log", "managed": False},
                ),
            ],
        )
    ]
