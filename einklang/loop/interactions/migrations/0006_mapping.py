from django.db import migrations

# What another system tells under a name of its own, read as one of our kinds. `refold_after`: up to there the profiles
# of the persons concerned were folded anew since the mapping was made or undone; null when all were.
MAPPING = """
CREATE TABLE interactions_mapping (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    name text NOT NULL CHECK (name LIKE 'custom.%'),
    kind text NOT NULL,
    renames jsonb NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    undone_at timestamptz,
    refold_after bigint
);
CREATE UNIQUE INDEX interactions_mapping_in_force ON interactions_mapping (source, name) WHERE undone_at IS NULL;
CREATE INDEX interactions_mapping_refold ON interactions_mapping (id) WHERE refold_after IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0005_recognised")]
    operations = [migrations.RunSQL(MAPPING, "DROP TABLE interactions_mapping")]
