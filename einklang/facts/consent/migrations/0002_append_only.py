from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION consent_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_entry
    FOR EACH STATEMENT EXECUTE FUNCTION consent_append_only();
CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_wording
    FOR EACH STATEMENT EXECUTE FUNCTION consent_append_only();
CREATE TRIGGER consent_erasable_only BEFORE UPDATE OR TRUNCATE ON consent_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION consent_append_only();
"""
UNDO = """
DROP TRIGGER consent_erasable_only ON consent_evidence;
DROP TRIGGER consent_append_only ON consent_wording;
DROP TRIGGER consent_append_only ON consent_entry;
DROP FUNCTION consent_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
