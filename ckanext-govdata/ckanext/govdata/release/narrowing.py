"""An entry's types say who may have its data. Data that more people could have are withdrawn first.

To withdraw is a decision of the department with a reason (and 410 for ever), so a change of the catalogue
does not do it in passing: it is refused with the releases that stand in its way, until they are withdrawn.

Article: SX-12, SX-14 (conditional sharing and opening), SX-18 (an agreement before any access).
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.conditions import Objection
from ckanext.govdata.model import Release
from ckanext.govdata.release import stage

PUBLIC: Final = ("publishing", "published", "hidden")
"""States in which somebody without an agreement has, or will have, the data (hidden: while a complaint is
examined)."""
REACHED: Final = (*PUBLIC, "provided")
"""States in which anybody has."""


def objection(session: Any, dataset_id: str, open_type: str, share_type: str) -> Objection | None:
    """Why an entry may not have these types now: releases are in more hands than they would allow.

    Until the caller's transaction ends, nothing of the entry is published beside it.
    """
    channel = stage.channel_of(open_type, share_type)
    if channel == stage.PUBLIC_CHANNEL:
        return None
    stage.one_at_a_time(session, dataset_id)
    wider = PUBLIC if channel == stage.GRANT_CHANNEL else REACHED
    query = sa.select(Release.number).where(Release.dataset_id == dataset_id, Release.status.in_(wider))
    numbers = sorted(session.execute(query).scalars())
    if not numbers:
        return None
    listed = "、".join(map(str, numbers[:20])), ", ".join(map(str, numbers[:20]))
    if channel == stage.GRANT_CHANNEL:
        return Objection(
            f"该目录条目有已向社会公开的数据（第 {listed[0]} 次发布），不能改为有条件提供或不予开放。"
            "请先办理撤回（写明理由），再变更类型，并按新的类型重新发布。",
            f"Data of this entry are public (release {listed[1]}): they cannot become conditional or closed. "
            "Withdraw them first, with a reason; then change the type and release them anew.",
        )
    return Objection(
        f"该目录条目有正在提供的数据（第 {listed[0]} 次发布），不能改为不予开放且不予共享。"
        "请先办理撤回或者停止提供（写明理由），再变更类型。",
        f"Data of this entry are being provided (release {listed[1]}): they cannot become closed to all. "
        "Withdraw them or stop providing them first, with a reason; then change the type.",
    )


def objection_to(session: Any, package: model.Package, open_type: str, share_type: str) -> Objection | None:
    """:func:`objection`, asked only when ``package`` has other types by now."""
    before, after = stage.channel(package), stage.channel_of(open_type, share_type)
    if before == after:
        return None
    return objection(session, package.id, open_type, share_type)
