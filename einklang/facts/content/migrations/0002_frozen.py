from django.db import migrations

FROZEN = """
CREATE FUNCTION content_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb;
    after jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'content % version % is frozen and stays', OLD.slug, OLD.version
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'content begins as a draft, content.sign.release freezes it with three signatures'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = 'draft' THEN
        IF NEW.state <> 'draft' AND (
            SELECT count(DISTINCT role) FROM content_signature WHERE version_id = NEW.id AND sha256 = NEW.sha256
        ) < 3 THEN
            RAISE EXCEPTION 'content % version % lacks signatures', OLD.slug, OLD.version
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    before := to_jsonb(OLD) - 'state' - 'valid_to';
    after := to_jsonb(NEW) - 'state' - 'valid_to';
    IF before <> after OR NEW.state NOT IN (OLD.state, 'withdrawn') THEN
        RAISE EXCEPTION 'content % version % is frozen: only its end of validity and its withdrawal may change',
            OLD.slug, OLD.version USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER content_version_guard BEFORE INSERT OR UPDATE OR DELETE ON content_contentversion
    FOR EACH ROW EXECUTE FUNCTION content_version_guard();

CREATE FUNCTION content_signature_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a signature is never changed or removed'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER content_signature_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON content_signature
    FOR EACH STATEMENT EXECUTE FUNCTION content_signature_stays();
CREATE TRIGGER content_version_stays BEFORE TRUNCATE ON content_contentversion
    FOR EACH STATEMENT EXECUTE FUNCTION content_signature_stays();
"""
UNDO = """
DROP TRIGGER content_version_stays ON content_contentversion;
DROP TRIGGER content_signature_stays ON content_signature;
DROP FUNCTION content_signature_stays();
DROP TRIGGER content_version_guard ON content_contentversion;
DROP FUNCTION content_version_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [migrations.RunSQL(FROZEN, UNDO)]
