-- Takes one month out of analysis_results, while the service runs: into the schema "archive", whole, as a table.
--
--     psql "$DATABASE_URL" -X -v part=analysis_results_2025_11 -f deploy/archive_analysis_results.sql
--
-- Refused while the month has unfinished jobs or recordings that are kept. Learners no longer see its attempts. Its
-- foreign keys stay, so erasing an account erases its rows here, too. docs/scaling.md says what to do with it then.

\set ON_ERROR_STOP on
SET lock_timeout = '5s';
SET statement_timeout = 0;
SET client_min_messages = warning;

SELECT require_archivable(:'part');
CREATE SCHEMA IF NOT EXISTS archive;
ALTER TABLE analysis_results DETACH PARTITION :"part" CONCURRENTLY;
ALTER TABLE :"part" SET SCHEMA archive;
DELETE FROM analysis_idempotency_keys WHERE created_at < now() - interval '1 day';
