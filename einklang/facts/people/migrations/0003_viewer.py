from django.db import migrations

# A role belongs to the whole cluster, so another database may have made it.
ROLE = """
DO $$ BEGIN
    CREATE ROLE einklang_face NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT einklang_face TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
GRANT USAGE ON SCHEMA public TO einklang_face;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO einklang_face;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO einklang_face;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO einklang_face;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO einklang_face;
"""
SEEN = """
CREATE FUNCTION people_seen() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
WITH viewer AS (
    SELECT split_part(current_setting('einklang.viewer', true), ':', 1) AS kind,
           NULLIF(split_part(current_setting('einklang.viewer', true), ':', 2), '')::uuid AS id,
           NULLIF(current_setting('einklang.now', true), '')::timestamptz AS now
)
SELECT id FROM viewer WHERE kind = 'person'
UNION ALL
SELECT p.person_id
FROM viewer v JOIN people_territoryrep r ON r.user_id = v.id JOIN people_territoryperson p USING (territory_id)
WHERE v.kind = 'rep' AND r.since <= v.now AND (r.until IS NULL OR r.until > v.now)
$$;
"""
TABLES = {
    "people_person": "id",
    "people_identifier": "person_id",
    "people_affiliation": "person_id",
    "people_verification": "person_id",
    "people_territoryperson": "person_id",
    "people_user": "person_id",  # the logins of professionals; those of staff carry no person
}
POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON {table} TO einklang_face USING ({column} IN (SELECT people_seen()){staff});
"""
DROP = "DROP POLICY seen ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"


def policy(table: str, column: str) -> migrations.RunSQL:
    staff = f" OR {column} IS NULL" if table == "people_user" else ""
    return migrations.RunSQL(POLICY.format(table=table, column=column, staff=staff), DROP.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("people", "0002_lock")]
    operations = [
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(SEEN, "DROP FUNCTION people_seen();"),
        *(policy(table, column) for table, column in TABLES.items()),
    ]
