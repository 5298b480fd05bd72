from django.db import migrations

LOCK = """
CREATE TABLE people_lock (
    person uuid PRIMARY KEY REFERENCES people_person (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO people_lock (person) SELECT id FROM people_person;
CREATE FUNCTION people_lock_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_lock (person) SELECT id FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER people_lock_new AFTER INSERT ON people_person
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION people_lock_new();
"""
UNLOCK = """
DROP TRIGGER people_lock_new ON people_person;
DROP FUNCTION people_lock_new();
DROP TABLE people_lock;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(LOCK, UNLOCK)]
