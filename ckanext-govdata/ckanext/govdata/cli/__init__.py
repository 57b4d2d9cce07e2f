"""The ``govdata`` command: brings the local stack up and down and tells how it is."""

from .main import main

__all__ = ["main"]
