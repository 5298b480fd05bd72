from django.db import migrations

LISTED = "(created_at, id) INCLUDE (state)"
NEWEST = "(created_at, id)"


def build(name, on):
    """Made anew where an earlier attempt was left unfinished; writers go on meanwhile."""
    return [
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE INDEX CONCURRENTLY {name} ON gate_message {on}",
    ]


def drop(name):
    return [f"DROP INDEX CONCURRENTLY IF EXISTS {name}"]


class Migration(migrations.Migration):
    """Messages are counted by day and state without being read; their list is in the same order as before."""

    atomic = False
    dependencies = [("gate", "0010_census")]
    operations = [
        migrations.RunSQL(build("gate_message_listed", LISTED), drop("gate_message_listed")),
        migrations.RunSQL(drop("gate_message_newest"), build("gate_message_newest", NEWEST)),
    ]
