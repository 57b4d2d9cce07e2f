"""Why there is no tagger; text for people in both languages, as all errors of the library."""

from __future__ import annotations

from anonymize.errors import AnonymizeError


class WeightsUnavailable(AnonymizeError):
    """The weights cannot be fetched, or what came is not what it must be. Free text stays redacted whole."""

    code, status, exit_code = "weights_unavailable", 503, 4


class TaggerStopped(AnonymizeError):
    """A process that looks for names has died; its texts have no answer, so nothing of them may leave."""

    code, status, exit_code = "tagger_stopped", 500, 1
