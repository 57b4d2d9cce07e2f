"""The sources of the board, in the order in which a round asks them."""

from __future__ import annotations

from typing import Final

from ckanext.govdata.supervision.board.facts import Source
from ckanext.govdata.supervision.board.sources.cases import CaseClocks
from ckanext.govdata.supervision.board.sources.duties import DutyClocks
from ckanext.govdata.supervision.board.sources.evaluations import EvaluationClocks
from ckanext.govdata.supervision.board.sources.incidents import IncidentClocks
from ckanext.govdata.supervision.board.sources.licensing import LicensingClocks
from ckanext.govdata.supervision.board.sources.rectifications import RectificationClocks

SOURCES: Final[tuple[Source, ...]] = (
    LicensingClocks(),
    CaseClocks(),
    DutyClocks(),
    RectificationClocks(),
    IncidentClocks(),
    EvaluationClocks(),
)
