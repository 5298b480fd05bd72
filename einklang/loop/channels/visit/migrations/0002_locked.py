from django.db import migrations

LOCKED = """
CREATE FUNCTION visit_report_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'visit % was reported as held and is locked', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER visit_report_locked BEFORE UPDATE OR DELETE ON visit_report FOR EACH ROW
    WHEN (OLD.held_at IS NOT NULL) EXECUTE FUNCTION visit_report_locked();
"""
BACK = """
DROP TRIGGER visit_report_locked ON visit_report;
DROP FUNCTION visit_report_locked;
"""


class Migration(migrations.Migration):
    dependencies = [("visit", "0001_initial")]
    operations = [migrations.RunSQL(LOCKED, BACK)]
