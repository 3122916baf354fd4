-- Moves one monthly partition of analysis_results to the schema "archive" as a table, while the service runs.
--
--     psql "$DATABASE_URL" -X -v part=analysis_results_2025_11 -f deploy/archive_analysis_results.sql
--
-- Fails while the month has unfinished jobs or stored recordings. Learners no longer see its attempts. The table keeps
-- its foreign keys, so erasing an account also erases its rows here. docs/scaling.md describes what to do next.

\set ON_ERROR_STOP on
SET lock_timeout = '5s';
SET statement_timeout = 0;
SET client_min_messages = warning;

SELECT require_archivable(:'part');
CREATE SCHEMA IF NOT EXISTS archive;
ALTER TABLE analysis_results DETACH PARTITION :"part" CONCURRENTLY;
ALTER TABLE :"part" SET SCHEMA archive;
DELETE FROM analysis_idempotency_keys WHERE created_at < now() - interval '1 day';
