from django.db import migrations

WORKER = """
CREATE TABLE project_worker (
    name text PRIMARY KEY, started_at timestamptz NOT NULL, beat_at timestamptz NOT NULL
)
"""


class Migration(migrations.Migration):
    """Which workers are at work, on whichever machine, and when each was last seen."""

    dependencies = [("project", "0001_chore")]
    operations = [migrations.RunSQL(WORKER, "DROP TABLE project_worker")]
