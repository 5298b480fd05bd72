from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

OF_ONE_THING = models.CheckConstraint(
    condition=Q(mailing__isnull=True) ^ Q(content__isnull=True), name="decide_proof_of_one_thing"
)
MAILING = models.ForeignKey("decide.mailing", models.CASCADE, related_name="+", db_index=False, null=True)


class Migration(migrations.Migration):
    """A proof is of a mailing or, without one, of a content."""

    dependencies = [("decide", "0011_settling")]
    operations = [
        migrations.AddField(
            "proof", "content", models.UUIDField(help_text="where it was tried without a mailing", null=True)
        ),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE decide_proof ALTER COLUMN mailing_id DROP NOT NULL", migrations.RunSQL.noop
                )
            ],
            [migrations.AlterField("proof", "mailing", MAILING)],
        ),
        AddConstraintNotValid("proof", OF_ONE_THING),
    ]
