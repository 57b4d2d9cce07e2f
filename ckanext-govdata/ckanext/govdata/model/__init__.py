"""The portal's own tables."""

from __future__ import annotations

from ckanext.govdata.model.catalogue import (
    CatalogueChange,
    CatalogueEvent,
    EntryVersion,
    PrimaryCollector,
    Verification,
)
from ckanext.govdata.model.officer import Officer
from ckanext.govdata.model.release import Release, ReleaseArtifact, ReleaseEvent
from ckanext.govdata.model.work import Effect, ReleaseStep, ReleaseWork

__all__ = [
    "CatalogueChange",
    "CatalogueEvent",
    "Effect",
    "EntryVersion",
    "Officer",
    "PrimaryCollector",
    "Release",
    "ReleaseArtifact",
    "ReleaseEvent",
    "ReleaseStep",
    "ReleaseWork",
    "Verification",
]
