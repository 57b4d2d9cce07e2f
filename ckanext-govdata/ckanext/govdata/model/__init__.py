"""The portal's own tables."""

from __future__ import annotations

from ckanext.govdata.model.account import Delegation, Recovery, Team, TeamInvitation, TeamMember
from ckanext.govdata.model.availability import Outage, Probe, ProbeDay
from ckanext.govdata.model.case import CaseEvent, Complaint, Demand, DemandVote
from ckanext.govdata.model.catalogue import (
    CatalogueChange,
    CatalogueEvent,
    EntryVersion,
    PrimaryCollector,
    Verification,
)
from ckanext.govdata.model.evaluation import Evaluation
from ckanext.govdata.model.house import Drill, Incident, IncidentPlan, Responsible
from ckanext.govdata.model.notice import Notice, NoticedEvent, NoticeWish
from ckanext.govdata.model.officer import Officer
from ckanext.govdata.model.reader import Reuse, ReuseSource, Subscription
from ckanext.govdata.model.rectification import Rectification
from ckanext.govdata.model.register import (
    CatalogueDuty,
    CatalogueLead,
    Project,
    ServiceGuide,
    SharingNeed,
    Succession,
)
from ckanext.govdata.model.release import Release, ReleaseArtifact, ReleaseEvent
from ckanext.govdata.model.supervision import BoardClock, BoardCount, BoardState, BoardWeek
from ckanext.govdata.model.work import Effect, ReleaseStep, ReleaseWork

__all__ = [
    "BoardClock",
    "BoardCount",
    "BoardState",
    "BoardWeek",
    "CaseEvent",
    "CatalogueChange",
    "CatalogueDuty",
    "CatalogueEvent",
    "CatalogueLead",
    "Complaint",
    "Delegation",
    "Demand",
    "DemandVote",
    "Drill",
    "Effect",
    "EntryVersion",
    "Evaluation",
    "Incident",
    "IncidentPlan",
    "Notice",
    "NoticeWish",
    "NoticedEvent",
    "Officer",
    "Outage",
    "PrimaryCollector",
    "Probe",
    "ProbeDay",
    "Project",
    "Recovery",
    "Rectification",
    "Release",
    "ReleaseArtifact",
    "ReleaseEvent",
    "ReleaseStep",
    "ReleaseWork",
    "Responsible",
    "Reuse",
    "ReuseSource",
    "ServiceGuide",
    "SharingNeed",
    "Subscription",
    "Succession",
    "Team",
    "TeamInvitation",
    "TeamMember",
    "Verification",
]
