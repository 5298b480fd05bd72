from django.db import migrations

SQL = """
CREATE FUNCTION inquiries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a safety report is never changed';
END $$;
CREATE TRIGGER inquiries_immutable BEFORE UPDATE OR DELETE ON inquiries_safetyreport
  FOR EACH ROW EXECUTE FUNCTION inquiries_refuse_change();
CREATE TRIGGER inquiries_kept BEFORE TRUNCATE ON inquiries_safetyreport
  FOR EACH STATEMENT EXECUTE FUNCTION inquiries_refuse_change();
"""
UNDO = "DROP FUNCTION inquiries_refuse_change() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
