"""What a reviewer reads of a run: ``document`` makes the content that the printed page and the PDF show."""

from __future__ import annotations

from anonymize.evidence.document import document
from anonymize.evidence.parts import Document, Fact, Grid, Section

__all__ = ["Document", "Fact", "Grid", "Section", "document"]
