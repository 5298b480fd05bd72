from django.db import migrations

# Three people sign; what the product ships has one signature, its own, which stands for nothing but a system mail
# without advertising in version 0.
FROZEN = """
CREATE FUNCTION content_is_signed(content uuid, digest text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT count(DISTINCT role) FILTER (WHERE role <> 'product') >= 3 OR count(*) FILTER (WHERE role = 'product') > 0
    FROM content_signature WHERE version_id = content AND sha256 = digest
$$;
CREATE FUNCTION content_product_signs_its_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.role = 'product' AND NOT EXISTS (
        SELECT FROM content_contentversion
        WHERE id = NEW.version_id AND version = 0 AND kind = 'system_mail' AND NOT promotional
    ) THEN
        RAISE EXCEPTION 'the product signs only the system mails that it ships'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER content_product_signs_its_own BEFORE INSERT ON content_signature
    FOR EACH ROW EXECUTE FUNCTION content_product_signs_its_own();

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
        IF NEW.state <> 'draft' AND NOT content_is_signed(NEW.id, NEW.sha256) THEN
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
DROP TRIGGER content_product_signs_its_own ON content_signature;
DROP FUNCTION content_product_signs_its_own();
DROP FUNCTION content_is_signed(uuid, text);
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [migrations.RunSQL(FROZEN, UNDO)]
