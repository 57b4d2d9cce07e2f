"""The ``govdata`` command: brings the local stack up and down and tells how it is."""

from __future__ import annotations


def main() -> None:
    """Entry point of the console script; CKAN, which imports this package too, does not pay for it."""
    from .main import main as run

    run()
