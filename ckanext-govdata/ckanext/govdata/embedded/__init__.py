"""The embedded stack: PostgreSQL, Valkey, Solr, S3, web, worker, scheduler; no root, Docker or Maven."""
