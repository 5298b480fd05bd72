from django.db import migrations

STAYS = """
CREATE TABLE gate_stay (
    journey uuid PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('held', 'withheld')),
    note text NOT NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0007_tally")]
    operations = [migrations.RunSQL(STAYS, "DROP TABLE gate_stay")]
