from django.db import migrations

# The three roles, each by somebody else. What is frozen may be marked for review, and a revision is never rewritten.
GUARD = """
CREATE OR REPLACE FUNCTION content_is_signed(content uuid, digest text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (
        count(DISTINCT role) FILTER (WHERE role IN ('medical_reviewer', 'legal_reviewer', 'information_officer')) = 3
        AND count(DISTINCT user_id) FILTER (WHERE role <> 'product') >= 3
    ) OR count(*) FILTER (WHERE role = 'product') > 0
    FROM content_signature WHERE version_id = content AND sha256 = digest
$$;
CREATE OR REPLACE FUNCTION content_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    open text[] := ARRAY['state', 'valid_to', 'review', 'review_smpc'];
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
    IF to_jsonb(OLD) - open <> to_jsonb(NEW) - open OR NEW.state NOT IN (OLD.state, 'withdrawn') THEN
        RAISE EXCEPTION 'content % version % is frozen: only its end, its review and its withdrawal may change',
            OLD.slug, OLD.version USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION content_revision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a revision is never changed' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER content_revision_stays BEFORE UPDATE ON content_revision
    FOR EACH ROW EXECUTE FUNCTION content_revision_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0005_review")]
    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
