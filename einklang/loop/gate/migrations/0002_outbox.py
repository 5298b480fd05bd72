from django.db import migrations

MESSAGES = """
CREATE TABLE gate_message (
    id uuid PRIMARY KEY,
    state text NOT NULL CHECK (state IN
        ('planned', 'held', 'sending', 'sent', 'delivered', 'failed', 'withheld', 'uncertain')),
    due_at timestamptz NOT NULL,
    verdict uuid NOT NULL,
    dispatch_verdict uuid,
    recipient_kind text NOT NULL CHECK (recipient_kind IN ('person', 'user', 'mailbox')),
    recipient uuid,
    address text CHECK (address !~ '[[:cntrl:]]'),
    about uuid,
    channel text NOT NULL,
    purpose text NOT NULL,
    sender uuid,
    unit text NOT NULL,
    content uuid NOT NULL,
    permission text,
    journey uuid,
    enrolment uuid,
    variables jsonb NOT NULL,
    given jsonb NOT NULL,
    message_id text NOT NULL,
    attempts integer NOT NULL,
    repeats integer NOT NULL,
    worker text,
    claimed_at timestamptz,
    detail text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    sent_at timestamptz,
    CHECK ((recipient_kind = 'mailbox') = (address IS NOT NULL)),
    CHECK ((recipient_kind = 'mailbox') = (recipient IS NULL)),
    CHECK (state <> 'sending' OR (worker IS NOT NULL AND claimed_at IS NOT NULL AND dispatch_verdict IS NOT NULL))
);
CREATE INDEX gate_message_due ON gate_message (due_at, id) WHERE state = 'planned';
CREATE INDEX gate_message_sending ON gate_message (claimed_at) WHERE state = 'sending';
CREATE INDEX gate_message_journey ON gate_message (journey) WHERE state IN ('planned', 'held') AND journey IS NOT NULL;
CREATE INDEX gate_message_recipient ON gate_message (recipient, created_at);
CREATE INDEX gate_message_newest ON gate_message (created_at, id);
CREATE INDEX gate_message_shown ON gate_message (state, created_at) WHERE state IN ('uncertain', 'failed', 'held');

CREATE FUNCTION gate_message_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'message % is % and cannot become %', OLD.id, OLD.state, NEW.state
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER gate_message_final BEFORE UPDATE OF state ON gate_message FOR EACH ROW
    WHEN (OLD.state IN ('sent', 'delivered', 'withheld') AND NEW.state IN ('planned', 'held', 'sending', 'uncertain'))
    EXECUTE FUNCTION gate_message_final();

CREATE TABLE gate_suppression (
    address_hash text PRIMARY KEY,
    person uuid,
    reason text NOT NULL,
    message uuid NOT NULL,
    since timestamptz NOT NULL
);

CREATE TABLE gate_disclosure (
    rep uuid NOT NULL,
    person uuid NOT NULL,
    day date NOT NULL,
    answer text NOT NULL,
    grade text NOT NULL,
    verdict uuid NOT NULL,
    fields text[] NOT NULL,
    PRIMARY KEY (rep, person, day, answer, grade)
);
"""

BACK = """
DROP TABLE gate_disclosure;
DROP TABLE gate_suppression;
DROP TABLE gate_message;
DROP FUNCTION gate_message_final;
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0001_initial")]
    operations = [migrations.RunSQL(MESSAGES, BACK)]
