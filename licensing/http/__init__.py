"""The HTTP edge of the library: one table of routes, from which requests are served and OpenAPI is written.

``route`` is what a domain declares, ``dispatch`` what happens to a request, ``idempotency`` how a repeated
one has one effect, ``problem`` how an error is told, ``openapi`` how all of it is described. The edge owns
the transaction: an answer leaves after the commit, an error leaves nothing behind.
"""
