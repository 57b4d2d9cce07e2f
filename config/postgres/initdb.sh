#!/usr/bin/env bash
# First start of the database container: roles and databases. The reader may only select from
# the DataStore; agreements and the ledger are in a database that CKAN cannot enter, conditional data in another.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --username postgres --quiet \
  --set=main="$GOVDATA_DB_PASSWORD" --set=reader="$GOVDATA_DB_READ_PASSWORD" \
  --set=owner="$GOVDATA_LICENSING_OWNER_PASSWORD" --set=agreements="$GOVDATA_LICENSING_PASSWORD" \
  --set=doorowner="$GOVDATA_DOOR_OWNER_PASSWORD" --set=door="$GOVDATA_DOOR_PASSWORD" <<'SQL'
CREATE ROLE ckan LOGIN PASSWORD :'main';
CREATE ROLE datastore_read LOGIN PASSWORD :'reader';
CREATE ROLE licensing_owner LOGIN PASSWORD :'owner';
CREATE ROLE licensing LOGIN PASSWORD :'agreements';
CREATE ROLE door_owner LOGIN PASSWORD :'doorowner';
CREATE ROLE door LOGIN PASSWORD :'door';
CREATE DATABASE ckan OWNER ckan;
CREATE DATABASE datastore OWNER ckan;
CREATE DATABASE licensing OWNER licensing_owner;
CREATE DATABASE door OWNER door_owner;
REVOKE CONNECT ON DATABASE ckan, datastore, licensing, door FROM PUBLIC;
\connect door
\i /config/door.sql
SQL
