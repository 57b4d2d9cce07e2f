-- The door's database, run by the superuser in it; repeatable. Two roles: `door_owner` loads conditional data
-- and makes the views of grants; `door` is whom questions from outside run as. It inherits nothing: each
-- question takes the role of its own grant (`door_g_…`), which reads that grant's views and nothing else.
ALTER ROLE door_owner CREATEROLE;
ALTER ROLE door NOINHERIT CONNECTION LIMIT 64;
ALTER ROLE door SET default_transaction_read_only = on;
ALTER ROLE door SET statement_timeout = '5s';
ALTER ROLE door SET lock_timeout = '2s';
ALTER ROLE door SET idle_in_transaction_session_timeout = '15s';
ALTER ROLE door SET temp_file_limit = '256MB';
ALTER ROLE door SET work_mem = '16MB';
ALTER ROLE door SET max_parallel_workers_per_gather = 0;
ALTER ROLE door SET search_path = '';
GRANT CONNECT ON DATABASE door TO door;
REVOKE TEMPORARY ON DATABASE door FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- Names of tables and columns are for nobody to look up.
DO $door$
DECLARE
  each record;
BEGIN
  FOR each IN
    SELECT c.oid::regclass AS name FROM pg_class c
    WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      AND c.relkind IN ('r', 'v') AND has_table_privilege('public', c.oid, 'SELECT')
  LOOP
    EXECUTE format('GRANT SELECT ON %s TO door_owner', each.name);
    EXECUTE format('REVOKE SELECT ON %s FROM PUBLIC', each.name);
  END LOOP;
END
$door$;
REVOKE USAGE ON SCHEMA information_schema FROM PUBLIC;
-- Of functions, what operators, casts and plain sums are made of; every other one is the owner's alone.
DO $door$
DECLARE
  each record;
BEGIN
  FOR each IN
    SELECT p.oid::regprocedure AS name, p.prokind AS kind FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace
      AND has_function_privilege('public', p.oid, 'EXECUTE')
      AND p.oid NOT IN (SELECT oprcode FROM pg_operator)
      AND p.oid NOT IN (SELECT castfunc FROM pg_cast)
      AND p.proname NOT IN (
        'count', 'sum', 'avg', 'min', 'max', 'stddev_samp', 'stddev_pop', 'var_samp', 'var_pop', 'bool_and',
        'bool_or', 'lower', 'upper', 'length', 'char_length', 'round', 'abs', 'ceil', 'ceiling', 'floor',
        'substring', 'substr', 'btrim', 'ltrim', 'rtrim', 'date_trunc', 'extract', 'date_part', 'row_number',
        'rank', 'dense_rank', 'like_escape', 'textcat', 'int8', 'numeric', 'position', 'strpos', 'timezone')
  LOOP
    EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO door_owner', each.name);
    EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', each.name);
  END LOOP;
END
$door$;
SET ROLE door_owner;
CREATE SCHEMA IF NOT EXISTS data;
CREATE SCHEMA IF NOT EXISTS door;
CREATE TABLE IF NOT EXISTS door.field (
  release text NOT NULL, position integer NOT NULL, name text NOT NULL, header text NOT NULL,
  type text NOT NULL, PRIMARY KEY (release, position)
);
-- Calls that belong to no grant: summed by day, so that a flood of them is one row.
CREATE TABLE IF NOT EXISTS door.refusal (
  day date NOT NULL, kind text NOT NULL, address text NOT NULL, calls bigint NOT NULL,
  first_at timestamptz NOT NULL, last_at timestamptz NOT NULL, PRIMARY KEY (day, kind, address)
);
-- What was downloaded: the number that stands in the file, whose it is, and the digest of its bytes.
CREATE TABLE IF NOT EXISTS door.download (
  id text PRIMARY KEY, grant_id text NOT NULL, agreement text NOT NULL, holder text NOT NULL,
  dataset text NOT NULL, release integer NOT NULL, format text NOT NULL, rows bigint NOT NULL,
  bytes bigint NOT NULL, sha256 text NOT NULL, at timestamptz NOT NULL
);
-- The digest of the data in a bundle; of any other file its own.
ALTER TABLE door.download ADD COLUMN IF NOT EXISTS content text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS download_sha256 ON door.download (sha256);
CREATE INDEX IF NOT EXISTS download_content ON door.download (content);
RESET ROLE;
