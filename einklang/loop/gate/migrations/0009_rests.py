from django.db import migrations

RESTS = """
CREATE TABLE gate_rest (
    channel text PRIMARY KEY,
    server text NOT NULL,
    strain integer NOT NULL,
    step integer NOT NULL,
    calm integer NOT NULL,
    since timestamptz,
    next_at timestamptz,
    fault text,
    said text NOT NULL,
    CHECK ((since IS NULL) = (next_at IS NULL) AND (since IS NULL OR fault IS NOT NULL))
);
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0008_stays")]
    operations = [migrations.RunSQL(RESTS, "DROP TABLE gate_rest")]
