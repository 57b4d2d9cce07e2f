"""CKAN's own ways of changing an entry or its files, closed to everybody but system administrators.

An entry is compiled by one person and reviewed by another, and the administrator decides what is shared on
conditions or not at all (SX-8, SX-12): it changes through proposals. Data come in through releases
(SX-15, SX-22). The portal's own steps (a proposal that takes effect, a publication, a harvest) are carried
out without asking here. Whoever compiles may still ask whether they may, with nothing but the entry's id or
their department: the pages with forms do, and what is sent from there becomes a proposal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.govdata.logic.errors import refusal
from ckanext.govdata.release.lifecycle import COMPILER
from ckanext.govdata.release.roles import lent_organizations

_ASKS_TO_CREATE: Final = frozenset({"owner_org", "type"})
_ASKS_TO_CHANGE: Final = frozenset({"id", "include_tracking"})
"""Keys of a question; whatever else is said would be saved."""
_SAYS_FILES: Final = frozenset({"resources", "upload", "clear_upload"})


def _only_by_proposal() -> AuthResult:
    return refusal(
        "目录条目的新增、修改和删除须经本部门另一人审核后生效（山西第十二条），不能直接保存。"
        "请在“目录工作台”（/catalogue）提出，或者调用接口 govdata_change_propose；"
        "终止用 govdata_change_end，成批导入用 govdata_change_upload。",
        "An entry is added, changed or ended when another person of the department has reviewed it (Shanxi "
        "art. 12); nothing is saved directly. Propose it at the workbench /catalogue or by the action "
        "govdata_change_propose (govdata_change_end to end one, govdata_change_upload for a whole sheet).",
    )


def _only_by_release(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    return refusal(
        "数据只能通过发布流程（脱敏、评估、审核）进入目录条目。",
        "Data enter a catalogue entry through the release flow only (desensitise, assess, review).",
    )


def _asks(next_auth: AuthFunction, context: Context, data: DataDict, known: frozenset[str]) -> AuthResult:
    """Whoever only asks is answered as CKAN does; whoever would save is told how an entry changes."""
    if set(data) <= known:
        return next_auth(context, data)
    if _SAYS_FILES & set(data) and not set(data) & {"title", "notes"}:
        return _only_by_release(context)
    return _only_by_proposal()


def _stands_in(context: Context, organization: str) -> bool:
    """Whether somebody lends the caller their duty to compile for the department (any, without one)."""
    lent = lent_organizations(context.get("user"), {COMPILER})
    group = model.Group.get(organization) if organization else None
    return group.id in lent if group is not None else bool(lent) and not organization


@tk.chained_auth_function
def package_create(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """A new entry is proposed."""
    data = data_dict or {}
    if set(data) <= _ASKS_TO_CREATE and _stands_in(context, str(data.get("owner_org") or "")):
        return {"success": True}
    return _asks(next_auth, context, data, _ASKS_TO_CREATE)


@tk.chained_auth_function
def package_update(
    next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None
) -> AuthResult:
    """A change is proposed; patching, revising, hiding and ordering files all come through here."""
    data = data_dict or {}
    if set(data) <= _ASKS_TO_CHANGE:
        entry = context.get("package") or model.Package.get(str(data.get("id") or ""))
        if entry is not None and entry.owner_org and _stands_in(context, entry.owner_org):
            return {"success": True}
    return _asks(next_auth, context, data, _ASKS_TO_CHANGE)


def _only_proposed(_next: AuthFunction, _context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    return _only_by_proposal()


def _only_released(_next: AuthFunction, context: Context, data_dict: DataDict | None = None) -> AuthResult:
    return _only_by_release(context, data_dict)


def _views_only(next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None) -> AuthResult:
    """CKAN asks for a view of a resource with the resource's id alone; anything more is about its file."""
    data = data_dict or {}
    if "id" in data and set(data) <= {"id", "resource_id"}:
        return next_auth(context, data_dict)
    return _only_by_release(context)


def _closed(check: Callable[..., AuthResult], doc: str) -> AuthFunction:
    """The check in the place of CKAN's own, under a sentence of its own."""

    def rule(next_auth: AuthFunction, context: Context, data_dict: DataDict | None = None) -> AuthResult:
        return check(next_auth, context, data_dict)

    rule.__doc__ = doc
    return cast(AuthFunction, tk.chained_auth_function(rule))


package_delete = _closed(_only_proposed, "An entry is ended by a proposal.")
bulk_update_private = _closed(_only_proposed, "Many at once are proposed like one.")
bulk_update_public = _closed(_only_proposed, "Many at once are proposed like one.")
bulk_update_delete = _closed(_only_proposed, "Many at once are proposed like one.")
package_relationship_create = _closed(_only_proposed, "What belongs to an entry is said in it.")
package_relationship_update = _closed(_only_proposed, "What belongs to an entry is said in it.")
package_relationship_delete = _closed(_only_proposed, "What belongs to an entry is said in it.")
package_resource_reorder = _closed(_only_released, "The order of files comes from the release.")

resource_create = _closed(_views_only, "Never for a file; views of a published resource stay allowed.")
resource_update = _closed(_views_only, "Never for a file; views of a published resource stay allowed.")
resource_delete = _closed(_only_released, "Withdrawing is a step of the release, with a reason.")
datastore_create = _closed(_only_released, "Rows come in through a release.")
datastore_upsert = _closed(_only_released, "Rows come in through a release.")
datastore_delete = _closed(_only_released, "Rows leave by a withdrawal.")
datastore_records_delete = _closed(_only_released, "Rows leave by a withdrawal.")
