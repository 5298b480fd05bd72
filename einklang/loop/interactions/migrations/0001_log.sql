-- What happened, in one order. Written by log.record only, through the parent table only.
CREATE SEQUENCE interactions_pos AS bigint CACHE 1;

CREATE TABLE interactions_log (
    pos bigint NOT NULL DEFAULT nextval('interactions_pos'),
    id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    initiator text NOT NULL CHECK (initiator IN ('company', 'customer', 'unknown')),
    unit text NOT NULL,
    purpose text NOT NULL,
    depth smallint NOT NULL CHECK (depth BETWEEN 0 AND 3),
    person uuid,
    anonymous text,
    organisation uuid,
    content uuid,
    key_message text,
    journey uuid,
    message uuid,
    event uuid,
    is_machine boolean NOT NULL,
    cost numeric,
    properties jsonb NOT NULL,
    source text NOT NULL,
    source_id text NOT NULL,
    lane smallint NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN person IS NOT NULL THEN uuid_hash_extended(person, 0) & 63
            WHEN anonymous IS NOT NULL THEN hashtextextended(anonymous, 0) & 63
            ELSE uuid_hash_extended(id, 0) & 63
        END
    ) STORED
) PARTITION BY RANGE (received_at);

CREATE INDEX interactions_log_pos ON interactions_log (pos);
CREATE INDEX interactions_log_person ON interactions_log (person, pos) WHERE person IS NOT NULL;
CREATE INDEX interactions_log_anonymous ON interactions_log (anonymous, pos) WHERE anonymous IS NOT NULL;
CREATE INDEX interactions_log_identified ON interactions_log (person) WHERE kind = 'person.identified';

-- Writers announce, as the key of a lock that ends with their transaction, the lower bound of what they may still
-- commit. The upper 16 bits of the key tell these locks from all others; readers take them apart in log.py.
CREATE FUNCTION interactions_announce() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared((69::bigint << 48) | nextval('interactions_pos'));
END $$;

CREATE FUNCTION interactions_announce_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM interactions_announce();
    RETURN NULL;
END $$;
CREATE TRIGGER announce BEFORE INSERT ON interactions_log
    FOR EACH STATEMENT EXECUTE FUNCTION interactions_announce_statement();

CREATE FUNCTION interactions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON interactions_log
    FOR EACH STATEMENT EXECUTE FUNCTION interactions_refuse_change();

-- Attached rather than created in place: that lets readers and writers go on.
CREATE FUNCTION interactions_attach(month date) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
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
    EXECUTE format(
        'ALTER TABLE interactions_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        part, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC'
    );
END $$;

-- Idempotency: a unique index on a partitioned table would have to hold the partition key.
CREATE TABLE interactions_key (
    source text NOT NULL,
    source_id text NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (source, source_id)
);
CREATE INDEX interactions_key_day ON interactions_key USING brin (day);

-- All that precedes the copying of rows, in one call: their months can take them, their keys are claimed (sorted, so
-- that two writers of the same events wait for each other in one order), and after the announcement each row that is
-- new gets its position, in the order given. Returns the places of the new rows and their positions.
-- `events` is a JSON array of [source, source id]: the driver writes arrays of text twenty times as slowly.
CREATE FUNCTION interactions_claim(events json, months date[], today date)
    RETURNS TABLE (place bigint, pos bigint) LANGUAGE plpgsql AS $$
DECLARE
    fresh bigint[];
BEGIN
    PERFORM interactions_attach(month) FROM unnest(months) AS month;
    WITH given AS (
        SELECT e.event ->> 0 AS source, e.event ->> 1 AS source_id, e.place
        FROM json_array_elements(events) WITH ORDINALITY AS e (event, place)
    ), claimed AS (
        INSERT INTO interactions_key AS k (source, source_id, day)
        SELECT g.source, g.source_id, today FROM given AS g ORDER BY 1, 2
        ON CONFLICT DO NOTHING RETURNING k.source, k.source_id
    )
    SELECT array_agg(g.place ORDER BY g.place) INTO fresh FROM given AS g JOIN claimed USING (source, source_id);
    IF fresh IS NOT NULL THEN
        PERFORM interactions_announce();
        PERFORM pg_notify('log', '');
        RETURN QUERY SELECT f.place, nextval('interactions_pos') FROM unnest(fresh) AS f (place);
    END IF;
END $$;

CREATE TABLE interactions_checkpoint (
    consumer text NOT NULL,
    lane_from smallint NOT NULL,
    lane_to smallint NOT NULL,
    pos bigint NOT NULL,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (consumer, lane_from),
    CHECK (lane_from BETWEEN 0 AND lane_to AND lane_to < 64)
);

CREATE TABLE interactions_write_key (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    key text NOT NULL UNIQUE,
    is_server boolean NOT NULL,
    purpose text NOT NULL,
    origins text[] NOT NULL,
    is_portal boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX interactions_write_key_portal ON interactions_write_key (is_portal) WHERE is_portal;
