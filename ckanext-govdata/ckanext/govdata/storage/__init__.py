"""Where bytes rest: the object store, sealed objects and the spool. See ``docs/architecture.md``."""
