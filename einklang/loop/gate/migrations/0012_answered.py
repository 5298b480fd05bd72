from django.db import migrations, models

ANSWERED = "(stored_at DESC) INCLUDE (answer)"
TIME = "(stored_at DESC)"


def build(name, on):
    """Made anew where an earlier attempt was left unfinished; writers go on meanwhile."""
    return [
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE INDEX CONCURRENTLY {name} ON gate_verdict {on}",
    ]


def drop(name):
    return [f"DROP INDEX CONCURRENTLY IF EXISTS {name}"]


class Migration(migrations.Migration):
    """What was answered in a time is counted without reading the verdicts."""

    atomic = False
    dependencies = [("gate", "0011_listed")]
    operations = [
        migrations.RunSQL(
            build("gate_verdict_answered", ANSWERED),
            drop("gate_verdict_answered"),
            [
                migrations.AddIndex(
                    "verdict", models.Index(fields=["-stored_at"], include=["answer"], name="gate_verdict_answered")
                )
            ],
        ),
        migrations.RunSQL(
            drop("gate_verdict_time"),
            build("gate_verdict_time", TIME),
            [migrations.RemoveIndex("verdict", "gate_verdict_time")],
        ),
    ]
