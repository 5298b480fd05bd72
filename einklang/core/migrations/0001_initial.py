from django.db import migrations

CLOCK = """
CREATE TABLE core_clock (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    offset_us bigint NOT NULL
)
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CLOCK, "DROP TABLE core_clock")]
