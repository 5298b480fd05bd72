from django.db import migrations

ERASABLE = """
CREATE OR REPLACE FUNCTION interactions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('einklang.erasing', true) = 'on' AND TG_OP <> 'TRUNCATE' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- What is left of tracking after its limit: how often, never who.
CREATE TABLE interactions_month (
    month date NOT NULL,
    kind text NOT NULL,
    content uuid,
    number bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (month, kind, content)
);
"""
BACK = """
DROP TABLE interactions_month;
CREATE OR REPLACE FUNCTION interactions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_attach_as_owner")]
    operations = [migrations.RunSQL(ERASABLE, BACK)]
