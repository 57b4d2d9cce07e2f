"""Personal data in running text: patterns, names and addresses, in one call.

``analyze`` is the door. Patterns (numbers with check digits, e-mail …) come from ``recognizers``; names
from a tagger, where one is installed, and from rules; addresses from a grammar and the places that the
tagger sees.
"""

from __future__ import annotations

from anonymize.text.analyze import FOUND, LEAN, SURE, analyze, default_tagger, naming, redact

__all__ = ["FOUND", "LEAN", "SURE", "analyze", "default_tagger", "naming", "redact"]
