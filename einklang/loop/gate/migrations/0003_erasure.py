from django.db import migrations

ERASABLE = """
CREATE OR REPLACE FUNCTION gate_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('einklang.erasing', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% holds what verdicts were made of: rows are written once', TG_TABLE_NAME;
END $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION gate_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% holds what verdicts were made of: rows are written once', TG_TABLE_NAME;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0002_outbox")]
    operations = [migrations.RunSQL(ERASABLE, BACK)]
