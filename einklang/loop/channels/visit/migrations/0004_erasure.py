from django.db import migrations

ERASABLE = """
CREATE OR REPLACE FUNCTION visit_report_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('einklang.erasing', true) = 'on' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'visit % was reported as held and is locked', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION visit_report_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'visit % was reported as held and is locked', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("visit", "0003_desk")]
    operations = [migrations.RunSQL(ERASABLE, BACK)]
