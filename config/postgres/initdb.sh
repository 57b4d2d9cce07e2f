#!/usr/bin/env bash
# First start of the database container: two roles, two databases. The reader may only select from the DataStore.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --username postgres --quiet \
  --set=main="$GOVDATA_DB_PASSWORD" --set=reader="$GOVDATA_DB_READ_PASSWORD" <<'SQL'
CREATE ROLE ckan LOGIN PASSWORD :'main';
CREATE ROLE datastore_read LOGIN PASSWORD :'reader';
CREATE DATABASE ckan OWNER ckan;
CREATE DATABASE datastore OWNER ckan;
REVOKE CONNECT ON DATABASE ckan, datastore FROM PUBLIC;
SQL
