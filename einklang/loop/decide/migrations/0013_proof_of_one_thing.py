from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

NAME = "decide_proof_of_content"


class Migration(migrations.Migration):
    """Built anew where an earlier attempt was left unfinished; writers go on meanwhile."""

    atomic = False
    dependencies = [("decide", "0012_proof_of_content")]
    operations = [
        ValidateConstraint("proof", "decide_proof_of_one_thing"),
        migrations.RunSQL(
            [
                f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                f"CREATE INDEX CONCURRENTLY {NAME} ON decide_proof (content, at DESC)",
            ],
            [f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}"],
            [migrations.AddIndex("proof", models.Index(fields=("content", "-at"), name=NAME))],
        ),
    ]
