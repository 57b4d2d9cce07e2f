"""The trail with names and words: what the page shows, what a file for auditors holds.

Officers stand with their names, because answering for a step is their duty. Whoever else acted (an applicant,
a reporter, a complainant) stands as that alone, and what they wrote is not repeated here.

Article: SX-20, HB-28, JS-8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import steps
from ckanext.govdata.catalogue import fields
from ckanext.govdata.catalogue.changes import difference
from ckanext.govdata.licensing_ports import people
from ckanext.govdata.model import Release
from ckanext.govdata.portal import acceptance
from ckanext.govdata.supervision.trail import lines, phases, words
from ckanext.govdata.supervision.trail.lines import Databases, Wish
from ckanext.govdata.supervision.trail.scope import DATASET, Scope
from licensing.agreements.models import Agreement
from licensing.core.clock import CHINA
from licensing.core.ledger.models import LedgerCheckpoint
from licensing.usage.models import UsageCounter

MACHINE: Final = ("系统", "The system")
OUTSIDER: Final = ("申请方或者公众", "Applicant or public")
NOBODY: Final = ("—", "—")
BASIS: Final = ("collection_basis", "secrecy", "share_type", "share_basis", "open_type", "update_cycle")
"""Elements of the entry by which the trail begins."""
_MACHINES: Final = frozenset({steps.MACHINE, "system", "sequencer"})
Both = dict[str, str]


def page(where: Databases, scope: Scope, wish: Wish, after: str | None) -> dict[str, Any]:
    """``{subject, basis, picture, use, results, next}``. Raises InvalidInput for a wrong cursor."""
    rows, following = lines.listed(where, scope, wish, after=after)
    return {
        "subject": subject(scope),
        "basis": basis(scope),
        "picture": drawn(lines.picture(where, scope)),
        "use": use(where, scope),
        "sealed": sealed(where.portal, scope),
        "results": list(shown(rows)),
        "next": following,
    }


def whole(where: Databases, scope: Scope, wish: Wish) -> dict[str, Any]:
    """Every line that is asked for, and the ledger's newest checkpoint, by which its entries are proved."""
    rows = list(shown(lines.every(where, scope, wish)))
    return {
        "subject": subject(scope), "basis": basis(scope), "use": use(where, scope),
        "sealed": sealed(where.portal, scope), "results": rows,
        "checkpoint": checkpoint(where.library),
    }  # fmt: skip


def subject(scope: Scope) -> dict[str, Any]:
    """What the trail is of."""
    dataset = scope.kind == DATASET
    name = ("数据目录条目", "Catalogue entry") if dataset else words.kind_name(scope.title)
    state = None if dataset else _both(words.state_name(scope.title, scope.state))
    title = {"zh": scope.title, "en": scope.title} if dataset else _both(name)
    path = f"/dataset/{scope.id}" if dataset else words.path_of(scope.title, scope.id)
    return {
        "kind": scope.kind, "id": scope.id, "title": title, "kind_name": _both(name), "state": state,
        "path": path,
    }  # fmt: skip


def basis(scope: Scope) -> list[dict[str, Any]]:
    """``[{field, label, value}]``: elements that the collection rests on, as the entry has them."""
    package = model.Package.get(scope.dataset) if scope.dataset else None
    extras = dict(package.extras or {}) if package is not None else {}
    return [
        {
            "field": each.field,
            "label": {"zh": each.zh, "en": each.en},
            "value": {
                language: difference.shown_value(each, extras[each.field], language)
                for language in ("zh", "en")
            },
        }
        for each in fields.ELEMENTS
        if each.field in BASIS and extras.get(each.field)
    ]


def use(where: Databases, scope: Scope) -> dict[str, Any]:
    """Calls under agreements by month, and how often files of the releases were taken; counts alone."""
    month = sa.func.length(UsageCounter.period) == len("2026-03")
    query = (
        sa.select(
            Agreement.number, UsageCounter.period, sa.func.sum(UsageCounter.calls).label("calls"),
            sa.func.sum(UsageCounter.rows).label("rows"), sa.func.sum(UsageCounter.refused).label("refused"),
        )
        .join(Agreement, Agreement.id == UsageCounter.agreement_id)
        .where(month, UsageCounter.agreement_id.in_(scope.agreements))
        .group_by(Agreement.number, UsageCounter.period)
        .order_by(UsageCounter.period, Agreement.number)
    )  # fmt: skip
    calls = [
        {
            "agreement": row.number, "month": row.period, "calls": int(row.calls), "rows": int(row.rows),
            "refused": int(row.refused),
        }
        for row in where.library.execute(query)
    ]  # fmt: skip
    return {"calls": calls, "downloads": _downloads(where.portal, scope)}


def _downloads(session: Any, scope: Scope) -> list[dict[str, Any]]:
    if scope.dataset is None:
        return []
    found: dict[int, int] = {}
    for each in acceptance.of_entry(session, scope.dataset):
        found[each["release"]] = found.get(each["release"], 0) + each["downloads"]
    return [{"release": number, "taken": taken} for number, taken in sorted(found.items())]


def sealed(session: Any, scope: Scope) -> list[dict[str, Any]]:
    """``[{release, raw, result}]``: whether sealed objects are ``kept`` or ``destroyed`` with their keys."""
    query = sa.select(Release.number, Release.raw_key, Release.result_key, Release.raw_sha256)
    if scope.dataset is not None:
        query = query.where(Release.dataset_id == scope.dataset)
    else:
        query = query.where(Release.id.in_(sa.select(scope.portal.subquery().c[0])))
    return [
        {
            "release": row.number,
            "raw": "kept" if row.raw_key else "destroyed",
            "result": "kept" if row.result_key else "destroyed",
        }
        for row in session.execute(query.order_by(Release.number))
        if row.raw_sha256
    ]


def drawn(picture: dict[str, Any]) -> dict[str, Any]:
    """Each part of the life cycle in its order: how many steps, from when to when, and where they lie."""
    found = picture["phases"]
    most = max((number for part in found.values() for number in part["buckets"].values()), default=1)
    return {
        "first": _moment(picture["first"]), "last": _moment(picture["last"]), "columns": lines.BUCKETS,
        "phases": [
            {
                "id": phase, "name": _both(phases.PHASES[phase]), "count": part["count"] if part else 0,
                "first": _moment(part["first"]) if part else None,
                "last": _moment(part["last"]) if part else None,
                "marks": [
                    {"column": column, "count": number, "size": round(2 + 4 * (number / most) ** 0.5, 1)}
                    for column, number in sorted(part["buckets"].items())
                ] if part else [],
            }
            for phase in phases.PHASES for part in [found.get(phase)]
        ],
    }  # fmt: skip


def shown(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Lines as documents."""
    known: dict[str, Both] = {}
    for row in rows:
        actor = _actor(row.actor, known)
        if row.on_behalf_of:
            lent = _actor(row.on_behalf_of, known)
            actor = {"zh": f"{actor['zh']}（代 {lent['zh']}）", "en": f"{actor['en']} (for {lent['en']})"}
        official = known[row.actor] not in (_both(OUTSIDER), _both(NOBODY))
        reason = row.reason or ""
        yield {
            "at": row.at.isoformat(), "phase": phases.phase_of(row.kind, row.action), "kind": row.kind,
            "kind_name": _both(words.kind_name(row.kind)), "subject": row.subject,
            "path": words.path_of(row.kind, row.subject), "actor": actor, "action": row.action,
            "step": _both(words.step_name(row.kind, row.action)), "source": row.source,
            "target": row.target,
            "state": _both(words.state_name(row.kind, row.target)) if row.target != row.source else None,
            "reason": reason if official else "", "withheld": bool(reason) and not official,
            "ledger": _entry(row),
        }  # fmt: skip


def _entry(row: Any) -> dict[str, Any] | None:
    """The line's entry of the ledger; ``sequence`` is None until the sequencer has chained it."""
    commitment = getattr(row, "commitment", None)
    if commitment is None:
        return None
    return {"sequence": row.sequence, "commitment": commitment, "sha256": row.sha256, "sm3": row.sm3}


def checkpoint(library: Any) -> dict[str, Any] | None:
    """The newest signed statement of the ledger."""
    query = sa.select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
    found = library.scalar(query)
    if found is None:
        return None
    names = ("size", "at", "root_sha256", "root_sm3", "last_sha256", "last_sm3", "key_id", "signature")
    return {name: getattr(found, name) for name in names}


def _actor(who: str, known: dict[str, Both]) -> Both:
    if who not in known:
        known[who] = _both(_named(who))
    return known[who]


def _named(who: str) -> tuple[str, str]:
    if not who:
        return NOBODY
    if who in _MACHINES:
        return MACHINE
    account = model.User.get(who)
    if account is None or not people.offices_of(account):
        return OUTSIDER
    name = account.fullname or account.name
    return name, name


def _both(pair: Sequence[str]) -> Both:
    return {"zh": pair[0], "en": pair[1]}


def _moment(at: Any) -> str | None:
    return at.astimezone(CHINA).isoformat() if at is not None else None
