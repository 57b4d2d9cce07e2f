"""Why there is no tagger; text for people in both languages, as all errors of the library."""

from __future__ import annotations

from anonymize.errors import AnonymizeError


class WeightsUnavailable(AnonymizeError):
    """The weights cannot be fetched, or what came is not what it must be. Free text stays redacted whole."""

    code, status, exit_code = "weights_unavailable", 503, 4
