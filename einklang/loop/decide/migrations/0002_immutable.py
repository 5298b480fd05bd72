from __future__ import annotations

from typing import ClassVar

from django.db import migrations

IMMUTABLE = """
CREATE FUNCTION decide_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published journey version never changes; publish the next one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON decide_version
    FOR EACH ROW EXECUTE FUNCTION decide_version_is_immutable();
CREATE TRIGGER immutable_whole BEFORE TRUNCATE ON decide_version
    FOR EACH STATEMENT EXECUTE FUNCTION decide_version_is_immutable();
ALTER TABLE decide_enrolment SET (fillfactor = 80);
"""
MUTABLE = """
ALTER TABLE decide_enrolment RESET (fillfactor);
DROP TRIGGER immutable_whole ON decide_version;
DROP TRIGGER immutable ON decide_version;
DROP FUNCTION decide_version_is_immutable();
"""


class Migration(migrations.Migration):
    """Room in each page of enrolments lets a step be written in place, without touching the indexes."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("decide", "0001_initial")]
    operations: ClassVar[list[migrations.RunSQL]] = [migrations.RunSQL(IMMUTABLE, MUTABLE)]
