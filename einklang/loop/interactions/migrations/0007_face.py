from django.db import migrations

# Pages add to the log and never change it, in no month of it, whatever a statement of theirs says beforehand.
ATTACH = """
CREATE OR REPLACE FUNCTION interactions_attach(month date) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part text := 'interactions_log_' || to_char(month, 'YYYYMM');
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(70::bigint << 48);
    -- Asked of the catalogue itself: to_regclass may still remember that there was none.
    IF EXISTS (SELECT FROM pg_class WHERE relname = part AND relnamespace = current_schema()::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE interactions_log INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS)', part);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM einklang_face', part);
    EXECUTE format(
        'ALTER TABLE interactions_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        part, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC'
    );
END $$;
"""
PARTS = """
DO $$ DECLARE
    part regclass;
BEGIN
    FOR part IN SELECT 'interactions_log'::regclass UNION ALL
                SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'interactions_log'::regclass LOOP
        EXECUTE format('{change}', part);
    END LOOP;
END $$;
"""
REVOKE = PARTS.format(change="REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM einklang_face")
GRANT = PARTS.format(change="GRANT UPDATE, DELETE ON %s TO einklang_face")


class Migration(migrations.Migration):
    dependencies = [("interactions", "0006_mapping"), ("people", "0003_viewer")]
    operations = [
        migrations.RunSQL(ATTACH, migrations.RunSQL.noop),
        migrations.RunSQL(REVOKE, GRANT),
    ]
