from django.db import migrations

AUDIT = """
CREATE TABLE audit_entry (
    position bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    who uuid,
    act text NOT NULL,
    object text NOT NULL,
    field text NOT NULL,
    old jsonb,
    new jsonb,
    reason text NOT NULL,
    source text NOT NULL,
    previous text NOT NULL,
    sha256 text NOT NULL
);
CREATE INDEX audit_object ON audit_entry (object, position DESC);
CREATE INDEX audit_who ON audit_entry (who, position DESC);
CREATE TABLE audit_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    sha256 text NOT NULL
);
INSERT INTO audit_head (position, sha256) VALUES (0, '');
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
"""
NO_AUDIT = """
DROP TABLE audit_entry, audit_head;
DROP FUNCTION audit_stays();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(AUDIT, NO_AUDIT)]
