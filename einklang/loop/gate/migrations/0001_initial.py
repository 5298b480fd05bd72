from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


WRITTEN_ONCE = """
CREATE FUNCTION gate_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% holds what verdicts were made of: rows are written once', TG_TABLE_NAME;
END $$;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON gate_pack EXECUTE FUNCTION gate_written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON gate_facts EXECUTE FUNCTION gate_written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON gate_verdict EXECUTE FUNCTION gate_written_once();
"""
FORGET = """
DROP TRIGGER written_once ON gate_verdict;
DROP TRIGGER written_once ON gate_facts;
DROP TRIGGER written_once ON gate_pack;
DROP FUNCTION gate_written_once();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Facts",
            fields=[
                ("digest", models.TextField(primary_key=True, serialize=False)),
                ("body", models.JSONField()),
            ],
            options={
                "db_table": "gate_facts",
            },
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("sha256", models.TextField()),
                ("document", models.JSONField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "db_table": "gate_pack",
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("stored_at", models.DateTimeField()),
                ("stage", models.TextField()),
                ("act", models.TextField()),
                ("recipient_kind", models.TextField()),
                ("recipient", models.UUIDField(null=True)),
                ("person", models.UUIDField(null=True)),
                ("anonymous", models.TextField(null=True)),
                ("channel", models.TextField()),
                ("purpose", models.TextField()),
                ("sender", models.UUIDField(null=True)),
                ("unit", models.TextField()),
                ("content", models.UUIDField(null=True)),
                ("pack", models.UUIDField(null=True)),
                ("quantity", models.IntegerField()),
                ("permission", models.TextField(null=True)),
                ("message", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("answer", models.TextField()),
                ("not_before", models.DateTimeField(null=True)),
                ("rule", models.TextField(null=True)),
                ("reasons", models.JSONField()),
                ("flags", models.JSONField()),
                ("packs", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("facts", models.TextField()),
            ],
            options={
                "db_table": "gate_verdict",
                "indexes": [
                    models.Index(fields=["-stored_at"], name="gate_verdict_time"),
                    models.Index(
                        condition=models.Q(("person__isnull", False)),
                        fields=["person", "-stored_at"],
                        name="gate_verdict_person",
                    ),
                    models.Index(
                        condition=models.Q(("rule__isnull", False)),
                        fields=["rule", "-stored_at"],
                        name="gate_verdict_rule",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WRITTEN_ONCE, FORGET),
    ]
