"""Public pages and read-only answers kept in Valkey, never older than the last committed change (ADR 0013).

::

    layer.py         the WSGI layer in front of Flask: who is answered from the cache, one fill at a time
    pages.py         the closed list of what may be kept at all
    recording.py     what a page read while it was made: the scopes it depends on
    scopes.py        the names of scopes, and which table belongs to which
    invalidation.py  what a change does: mark before the commit, settle after the search index has followed
    outbox.py        the database's own list of changed scopes, written by triggers
    versions.py      versions, marks and pages in Valkey
    memory.py        pages in this process, asked for by version only
"""
