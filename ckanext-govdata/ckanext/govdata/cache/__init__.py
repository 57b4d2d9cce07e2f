"""Public pages and read-only answers kept in Valkey, never older than the last committed change (ADR 0013).

::

    worker.py        gunicorn's worker: its event loop answers kept pages, before any thread (ADR 0015)
    layer.py         the WSGI layer in front of Flask: what is made, and kept, and what CKAN answers itself
    reader.py        who asks: nobody in particular, or somebody whom only CKAN may answer
    pages.py         the closed list of what may be kept at all
    turns.py         one maker of a page at a time, for all who came before it was begun
    recording.py     what a page read while it was made: the scopes it depends on
    scopes.py        the names of scopes, and which table belongs to which
    invalidation.py  what a change does: mark before the commit, settle after the search index has followed
    outbox.py        the database's own list of changed scopes, written by triggers
    versions.py      versions, marks and pages in Valkey
    asker.py         one question to Valkey for all who wait
    wire.py          one question to Valkey by one thread
    memory.py        pages in this process, asked for by version only
    wording.py       what is said of a page: status, headers, packed or plain, or that nothing is new
    tally.py         calls of the API that the cache has answered
"""
