from django.db import migrations

ONE_AT_A_TIME = """
CREATE FUNCTION products_smpc_one_at_a_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM products_authorisation WHERE id = NEW.authorisation_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM products_smpc
        WHERE authorisation_id = NEW.authorisation_id AND id <> NEW.id
          AND tstzrange(valid_from, valid_to) && tstzrange(NEW.valid_from, NEW.valid_to)
    ) THEN
        RAISE EXCEPTION 'another version of this Fachinformation is valid in the same time'
            USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER products_smpc_one_at_a_time BEFORE INSERT OR UPDATE ON products_smpc
    FOR EACH ROW EXECUTE FUNCTION products_smpc_one_at_a_time();
"""
# What a delivery note or a signed content version names stays what it was.
IMMUTABLE = """
CREATE FUNCTION products_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - 'valid_to' <> to_jsonb(NEW) - 'valid_to' THEN
        RAISE EXCEPTION '% is never changed: add a new version', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER products_text_stays BEFORE UPDATE ON products_smpc
    FOR EACH ROW EXECUTE FUNCTION products_text_stays();
CREATE TRIGGER products_text_stays BEFORE UPDATE ON products_mandatorytext
    FOR EACH ROW EXECUTE FUNCTION products_text_stays();
"""
UNDO = """
DROP TRIGGER products_text_stays ON products_mandatorytext;
DROP TRIGGER products_text_stays ON products_smpc;
DROP FUNCTION products_text_stays();
DROP TRIGGER products_smpc_one_at_a_time ON products_smpc;
DROP FUNCTION products_smpc_one_at_a_time();
"""


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial")]
    operations = [migrations.RunSQL(ONE_AT_A_TIME + IMMUTABLE, UNDO)]
