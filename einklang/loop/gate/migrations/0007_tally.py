from django.db import migrations

TALLY = "(journey, state) WHERE journey IS NOT NULL"
WITHHELD = "(journey, detail, id) WHERE state = 'withheld' AND journey IS NOT NULL"
WAITING = "(journey) WHERE state IN ('planned', 'held') AND journey IS NOT NULL"


def build(name, on):
    """Made anew where an earlier attempt was left unfinished; writers go on meanwhile."""
    return [
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE INDEX CONCURRENTLY {name} ON gate_message {on}",
    ]


def drop(name):
    return [f"DROP INDEX CONCURRENTLY IF EXISTS {name}"]


class Migration(migrations.Migration):
    """What became of a mailing to a million is counted without its messages; this serves what waits as well."""

    atomic = False
    dependencies = [("gate", "0006_face")]
    operations = [
        migrations.RunSQL(build("gate_message_tally", TALLY), drop("gate_message_tally")),
        migrations.RunSQL(build("gate_message_withheld", WITHHELD), drop("gate_message_withheld")),
        migrations.RunSQL(drop("gate_message_journey"), build("gate_message_journey", WAITING)),
    ]
