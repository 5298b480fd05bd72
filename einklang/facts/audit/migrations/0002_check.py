from django.db import migrations

CHECK = """
CREATE TABLE audit_check (
    id uuid PRIMARY KEY,
    chain text NOT NULL,
    asked_by uuid,
    asked_at timestamptz NOT NULL,
    place jsonb NOT NULL DEFAULT '{}',
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL,
    fault jsonb,
    finished_at timestamptz
);
CREATE UNIQUE INDEX audit_check_one_open ON audit_check (chain) WHERE finished_at IS NULL;
CREATE INDEX audit_check_latest ON audit_check (chain, asked_at DESC);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(CHECK, "DROP TABLE audit_check")]
