-- Partitions analysis_results by month of created_at (UTC), while the service runs.
--
--     psql "$DATABASE_URL" -X -f deploy/partition_analysis_results.sql        (plain URL, not through a pooler)
--
-- Needs PostgreSQL 17 or newer, the role that owns the tables, and all migrations. No row is moved: the existing table
-- becomes the partition "past", up to `cut`, the first day of a coming month (-v cut=2027-01-01 chooses another). Steps 1
-- and 2 take time and block nothing. Step 3 locks three tables for some milliseconds, or fails and changes nothing.
-- The script may be run again after a failure. docs/scaling.md describes what changes for the service.

\set ON_ERROR_STOP on
SET lock_timeout = '5s';
SET statement_timeout = 0;
SET timezone = 'UTC';
SET client_min_messages = warning;

SELECT relkind = 'p' AS is_done FROM pg_class WHERE oid = 'analysis_results'::regclass \gset
\if :is_done
\warn 'analysis_results is partitioned already'
\quit
\endif
\if :{?cut}
\else
SELECT (date_trunc('month', now() + interval '7 days') + interval '1 month')::date AS cut \gset
\endif

-- 1. Prepare the partition "past" for attaching without a scan: the indexes of the future table, and a check constraint.

DROP INDEX CONCURRENTLY IF EXISTS pk_analysis_results_past;
DROP INDEX CONCURRENTLY IF EXISTS ix_analysis_results_job_id_past;
DROP INDEX CONCURRENTLY IF EXISTS ix_analysis_results_idempotency_past;
CREATE UNIQUE INDEX CONCURRENTLY pk_analysis_results_past ON analysis_results (id, created_at);
CREATE INDEX CONCURRENTLY ix_analysis_results_job_id_past ON analysis_results (job_id);
CREATE INDEX CONCURRENTLY ix_analysis_results_idempotency_past ON analysis_results (user_id, idempotency_key);

ALTER TABLE analysis_results DROP CONSTRAINT IF EXISTS ck_analysis_results_past;
ALTER TABLE analysis_results
    ADD CONSTRAINT ck_analysis_results_past CHECK (created_at < timestamptz :'cut') NOT VALID;
ALTER TABLE analysis_results VALIDATE CONSTRAINT ck_analysis_results_past;

-- 2. Unique constraints of a partitioned table must contain created_at, so (user_id, idempotency_key) can no longer be
--    unique. This small table enforces it instead: two uploads with one key at the same moment still create one job.
--    Later uploads find the row of the job itself, so keys of one day are enough.

CREATE TABLE IF NOT EXISTS analysis_idempotency_keys (
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    idempotency_key varchar(255) NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
);
CREATE INDEX IF NOT EXISTS ix_analysis_idempotency_keys_created_at ON analysis_idempotency_keys (created_at);

CREATE OR REPLACE FUNCTION keep_idempotency_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analysis_idempotency_keys VALUES (NEW.user_id, NEW.idempotency_key, NEW.created_at);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_idempotency_key AFTER INSERT ON analysis_results
    FOR EACH ROW WHEN (NEW.idempotency_key IS NOT NULL) EXECUTE FUNCTION keep_idempotency_key();

-- Creates the partitions of the coming months. Run it every month (docs/scaling.md): a row without a partition is refused.
CREATE OR REPLACE FUNCTION make_analysis_results_months(ahead integer DEFAULT 3) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    made integer := 0;
    month timestamp;
    part text;
BEGIN
    SELECT max(substring(pg_get_expr(c.relpartbound, c.oid) FROM $re$TO \('([^']+)'\)$re$)::timestamptz)
        AT TIME ZONE 'UTC' INTO month
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'analysis_results'::regclass;
    WHILE month <= date_trunc('month', now() AT TIME ZONE 'UTC') + ahead * interval '1 month' LOOP
        part := 'analysis_results_' || to_char(month, 'YYYY_MM');
        -- Created first and attached then, so that neither reads nor writes have to wait.
        EXECUTE format('CREATE TABLE %I (LIKE analysis_results INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
        EXECUTE format(
            'ALTER TABLE analysis_results ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            part, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC'
        );
        month := month + interval '1 month';
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- Raises while the service still needs a partition: the object of a missing row would be deleted as an orphan.
CREATE OR REPLACE FUNCTION require_archivable(part regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    unfinished bigint;
    kept bigint;
BEGIN
    EXECUTE format(
        'SELECT count(*) FILTER (WHERE status = ''processing''), '
        'count(*) FILTER (WHERE audio_stored_at IS NOT NULL AND audio_removed_at IS NULL) FROM %s', part
    ) INTO unfinished, kept;
    IF unfinished + kept > 0 THEN
        RAISE EXCEPTION '% holds % unfinished jobs and % jobs whose recording is kept: wait for RECORDING_RETENTION_DAYS',
            part, unfinished, kept;
    END IF;
END $$;

-- 3. Swap the tables.

BEGIN;
-- Lock all three or none, and do not wait for one while holding another: requests lock them in any order.
DO $$
BEGIN
    SET LOCAL lock_timeout = '200ms';
    FOR try IN 1..100 LOOP
        BEGIN
            LOCK TABLE users, tokens, analysis_results IN ACCESS EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.2);
        END;
    END LOOP;
    RAISE EXCEPTION 'the three tables could not be locked together: nothing was changed, try again at a quieter hour';
END $$;
DROP TRIGGER keep_idempotency_key ON analysis_results;
ALTER TABLE analysis_results RENAME TO analysis_results_past;
SELECT coalesce(max(id), 0) + 1 AS next_id FROM analysis_results_past \gset

CREATE TABLE analysis_results (
    LIKE analysis_results_past INCLUDING ALL EXCLUDING IDENTITY EXCLUDING INDEXES
) PARTITION BY RANGE (created_at);
ALTER TABLE analysis_results DROP CONSTRAINT ck_analysis_results_past;

ALTER TABLE analysis_results_past
    DROP CONSTRAINT pk_analysis_results,
    DROP CONSTRAINT uq_analysis_results_job_id,
    DROP CONSTRAINT uq_analysis_results_user_id_idempotency_key,
    ALTER COLUMN id DROP IDENTITY;
ALTER TABLE analysis_results_past ADD CONSTRAINT pk_analysis_results_past PRIMARY KEY USING INDEX pk_analysis_results_past;

ALTER TABLE analysis_results ADD CONSTRAINT pk_analysis_results PRIMARY KEY (id, created_at);
ALTER TABLE analysis_results ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (START WITH :next_id);
CREATE INDEX ix_analysis_results_job_id ON analysis_results (job_id);
CREATE INDEX ix_analysis_results_idempotency ON analysis_results (user_id, idempotency_key);

-- All other indexes and the foreign keys, as the migrations created them.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = 'analysis_results_past'::regclass AND right(c.relname, 5) <> '_past'
    LOOP
        EXECUTE format('ALTER INDEX %I RENAME TO %I', one.name, one.name || '_past');
        EXECUTE replace(one.definition, 'analysis_results_past USING', 'analysis_results USING');
    END LOOP;
    FOR one IN
        SELECT conname AS name, pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE conrelid = 'analysis_results_past'::regclass AND contype = 'f'
    LOOP
        EXECUTE format('ALTER TABLE analysis_results ADD CONSTRAINT %I %s', one.name, one.definition);
    END LOOP;
END $$;

ALTER TABLE analysis_results ATTACH PARTITION analysis_results_past FOR VALUES FROM (MINVALUE) TO (:'cut');
ALTER TABLE analysis_results_past DROP CONSTRAINT ck_analysis_results_past;
CREATE TRIGGER keep_idempotency_key AFTER INSERT ON analysis_results
    FOR EACH ROW WHEN (NEW.idempotency_key IS NOT NULL) EXECUTE FUNCTION keep_idempotency_key();
SELECT make_analysis_results_months() AS months_made;
COMMIT;

ANALYZE analysis_results;
