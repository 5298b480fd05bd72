from django.db import migrations

NAME = "interactions_log_answers"
ON = """(journey, kind, person) WHERE journey IS NOT NULL AND NOT is_machine
    AND kind IN ('email.opened', 'email.clicked', 'email.unsubscribed', 'consent.changed')"""
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
            own = f"{part}_answers"
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {own}")
            cursor.execute(f"CREATE INDEX CONCURRENTLY {own} ON {part} {ON}")
            cursor.execute(f"ALTER INDEX {NAME} ATTACH PARTITION {own}")


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP INDEX {NAME}")


class Migration(migrations.Migration):
    """What a mailing led to is counted without its million of messages."""

    atomic = False
    dependencies = [("interactions", "0007_face")]
    operations = [migrations.RunPython(build, drop)]
