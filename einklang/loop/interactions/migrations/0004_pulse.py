from django.db import migrations

PULSE = """
CREATE TABLE interactions_pulse (
    consumer text NOT NULL,
    at timestamptz NOT NULL,
    behind bigint NOT NULL,
    seconds double precision NOT NULL,
    PRIMARY KEY (consumer, at)
)
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0003_erasure")]
    operations = [migrations.RunSQL(PULSE, "DROP TABLE interactions_pulse")]
