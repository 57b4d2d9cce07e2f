"""The embedded stack: PostgreSQL, Valkey, Solr, S3, web, worker and scheduler without root, Docker or Maven."""
