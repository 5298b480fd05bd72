from django.db import migrations

CENSUS = """
CREATE TABLE gate_census (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    at timestamptz NOT NULL,
    seconds double precision NOT NULL,
    states jsonb NOT NULL,
    days jsonb NOT NULL
)
"""


class Migration(migrations.Migration):
    """What a worker counted of the messages, when, and how long that took."""

    dependencies = [("gate", "0009_rests")]
    operations = [migrations.RunSQL(CENSUS, "DROP TABLE gate_census")]
