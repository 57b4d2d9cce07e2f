"""What an application states, and whether that is enough (HB-13: purpose and reason)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from licensing.applications.errors import ApplicationIncomplete
from licensing.applications.kinds import KINDS, MODES, SECRET, SENSITIVITIES, Kind
from licensing.core.errors import InvalidInput, Part
from licensing.core.ledger.entry import canonical
from licensing.core.store.text import refuse_unstorable
from licensing.ports import Context, DatasetInfo

MOST_DATASETS, MOST_TEXT, MOST_YEARS = 100, 4000, 5
_MOST_ID = 64


@dataclass(frozen=True, slots=True)
class Item:
    """A dataset and the fields that are wanted of it; no fields: all of them."""

    dataset: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An application as it is filled in; everything may still be missing until it is submitted.

    ``years`` is how long the data are wanted, 1 to 5. ``sensitive`` is what the applicant knows about the
    data; who accepts the case may add to it.
    """

    items: tuple[Item, ...] = ()
    purpose: str = ""
    grounds: str = ""
    system: str = ""
    statement: str = ""
    mode: str = "api"
    years: int = 1
    sensitive: tuple[str, ...] = ()

    def sha256(self) -> str:
        """Digest of the whole content: what the ledger's payload names instead of the texts."""
        return hashlib.sha256(canonical(asdict(self))).hexdigest()

    def columns(self) -> dict[str, Any]:
        """As columns of the case; its items stand in a table of their own."""
        columns = asdict(self)
        del columns["items"]
        return {**columns, "sensitive": sorted(set(self.sensitive))}


def changed(before: Draft, after: Draft) -> dict[str, Any]:
    """``{member: [before, after]}`` of what differs; the items by dataset, with their fields."""

    def plain(draft: Draft) -> dict[str, Any]:
        return {**draft.columns(), "items": {item.dataset: sorted(item.fields) for item in draft.items}}

    old, new = plain(before), plain(after)
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}


def check_form(draft: Draft) -> None:
    """Refuse what cannot even be saved.

    Raises:
        InvalidInput: too long, an unknown mode or sensitivity, a dataset or a field twice.
    """
    refuse_unstorable(asdict(draft))
    texts = (draft.purpose, draft.grounds, draft.system, draft.statement)
    names = [item.dataset for item in draft.items]
    wrong = (
        any(len(text) > MOST_TEXT for text in texts)
        or len(names) > MOST_DATASETS
        or len(set(names)) != len(names)
        or any(not name or len(name) > _MOST_ID for name in names)
        or any(len(set(item.fields)) != len(item.fields) for item in draft.items)
    )
    if wrong:
        raise InvalidInput(
            "申请内容过长，或有重复的数据、信息项。文字不超过 {text} 字，数据不超过 {most} 项。",
            "Too long, or something is named twice; at most {text} characters and {most} datasets.",
            text=MOST_TEXT,
            most=MOST_DATASETS,
        )
    if draft.mode not in MODES or not set(draft.sensitive) <= set(SENSITIVITIES):
        raise InvalidInput(
            "提供方式或敏感类别不在可选范围内。",
            "The mode of provision or the sensitivity is not a known one.",
        )
    if not 1 <= draft.years <= MOST_YEARS:
        raise InvalidInput("使用期限须为 1 至 {most} 年。", "The term is 1 to {most} years.", most=MOST_YEARS)


def datasets(ctx: Context, items: Sequence[Item]) -> tuple[DatasetInfo, ...]:
    """The catalogue's entries of the items, with their fields checked.

    Raises:
        InvalidInput: no such dataset or field; or several providers in one application.
    """
    found: list[DatasetInfo] = []
    for item in items:
        info = ctx.catalogue.dataset(item.dataset)
        if info is None:
            raise InvalidInput(
                "目录中没有数据“{id}”。", 'The catalogue has no dataset "{id}".', id=item.dataset
            )
        if not set(item.fields) <= {field.name for field in info.fields}:
            raise InvalidInput(
                "数据“{id}”没有所申请的部分信息项。",
                'Dataset "{id}" lacks some of the fields asked for.',
                id=item.dataset,
            )
        found.append(info)
    if len({info.provider for info in found}) > 1:
        raise InvalidInput(
            "一件申请只能包含同一提供部门的数据，请分开提交。",
            "One application is for the data of one provider; submit one for each.",
        )
    return tuple(found)


def check_complete(ctx: Context, kind: str, applicant_kind: str, draft: Draft) -> tuple[DatasetInfo, ...]:
    """Refuse an application that lacks something, and answer the entries that it is for.

    Raises:
        ApplicationIncomplete: naming everything that is missing at once.
        InvalidInput: the data are had another way.
    """
    rule = KINDS[kind]
    missing = [
        Part(f"/{place}", "missing", *names)
        for place, names, text in (
            ("purpose", ("使用用途", "the purpose"), draft.purpose),
            ("grounds", ("申请理由", "the reason"), draft.grounds),
            ("system", ("使用系统", "the system of use"), draft.system),
            ("items", ("申请的数据", "the data"), "x" if draft.items else ""),
            ("statement", rule.statement, draft.statement),
        )
        if names is not None and not text.strip()
    ]
    if missing:
        raise ApplicationIncomplete(missing)
    found = datasets(ctx, draft.items)
    _check_kind(rule, applicant_kind, draft, found)
    return found


def _check_kind(rule: Kind, applicant_kind: str, draft: Draft, found: tuple[DatasetInfo, ...]) -> None:
    if applicant_kind not in rule.applicants:
        raise InvalidInput(
            "此类申请不能由该类主体提出。", "This kind of application is not for this kind of applicant."
        )
    for info in found:
        if getattr(info, rule.by) not in rule.types:
            raise InvalidInput(
                "数据“{id}”不适用“{kind}”，请按目录所示方式获取。",
                'Dataset "{id}" is not had by "{english}"; see its entry for the way to it.',
                id=info.id,
                kind=rule.zh,
                english=rule.en,
            )
    if SECRET in draft.sensitive and rule.name != "sharing":
        raise InvalidInput(
            "涉及国家秘密的数据不在本平台受理。", "State secrets are not dealt with on this platform."
        )
