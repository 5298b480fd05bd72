from django.db import migrations

NAME = "interactions_log_recognised"
ON = "(anonymous, pos) WHERE kind = 'person.identified' AND person IS NOT NULL"
PARTS = """
SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'interactions_log'::regclass ORDER BY 1
"""


def build(apps, schema_editor):
    """Part by part, while writers write. What an earlier attempt left unfinished is made anew."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {NAME}")
        cursor.execute(f"CREATE INDEX {NAME} ON ONLY interactions_log {ON}")
        cursor.execute(PARTS)
        for (part,) in cursor.fetchall():
            own = f"{part}_recognised"
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {own}")
            cursor.execute(f"CREATE INDEX CONCURRENTLY {own} ON {part} {ON}")
            cursor.execute(f"ALTER INDEX {NAME} ATTACH PARTITION {own}")


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP INDEX {NAME}")


class Migration(migrations.Migration):
    """Who an anonymous id turned out to be is asked for every entry that several workers share."""

    atomic = False
    dependencies = [("interactions", "0004_pulse")]
    operations = [migrations.RunPython(build, drop)]
