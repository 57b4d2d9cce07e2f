"""Departments and what becomes of them (SX-16(3), QD-8).

A rename keeps the id. A merger or a dissolution names the successor: every case, certificate request and
agreement of the old department moves there, each with an event of its own, and the old one stays readable
in :class:`Succession`. A department is never removed without somebody to answer for what it held.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import Conflict, InvalidInput, NotPermitted
from licensing.core.store.step import begin, claim, load, step
from licensing.core.store.text import refuse_unstorable
from licensing.parties.holdings import DEPARTMENT as HELD
from licensing.parties.holdings import move
from licensing.parties.lifecycle import ACTIVE, DEPARTMENT
from licensing.parties.models import Department, Succession
from licensing.parties.numbers import is_uscc, normal
from licensing.ports import ADMINISTRATOR, Context

_MOST_NAME = 200


def register_department(
    session: Session, ctx: Context, department_id: str, name: str, *, uscc: str | None = None
) -> Department:
    """Enter a department under the portal's own id.

    Raises:
        NotPermitted: the caller is not the administrator.
        InvalidInput: no name, or a credit code whose check character is wrong.
        Conflict: it is entered already.
    """
    _administrator_only(ctx)
    if session.get(Department, department_id) is not None:
        raise Conflict("该部门已登记。", "The department is entered already.")
    code = None if uscc is None else _free_code(session, uscc)
    department = Department(id=department_id, name=_checked(name), uscc=code)
    return begin(session, ctx, DEPARTMENT, department)


def identify_department(
    session: Session,
    ctx: Context,
    department_id: str,
    uscc: str,
    *,
    basis: str,
    if_version: int | None = None,
) -> Department:
    """Give a department the unified social credit code (统一社会信用代码) that its certificates must name.

    Agreements that are open keep the code that they were drafted with.

    Raises:
        InvalidInput: a credit code whose check character is wrong.
        Conflict: another department has it, or somebody else was faster.
    """
    department = load(session, Department, department_id)
    claim(session, department, if_version)
    code = _free_code(session, uscc)
    step(session, ctx, DEPARTMENT, department, "identify", basis, changes={"uscc": code})
    return department


def rename_department(
    session: Session,
    ctx: Context,
    department_id: str,
    name: str,
    *,
    basis: str,
    if_version: int | None = None,
) -> Succession:
    """Give a department its new name; the old one stays on record. ``basis``: the decision behind it."""
    new = _checked(name)
    department = load(session, Department, department_id)
    claim(session, department, if_version)
    old = department.name
    step(session, ctx, DEPARTMENT, department, "rename", basis, changes={"name": new})
    return _record(session, ctx, "rename", department, department, (old, new), basis, 0)


def succeed(
    session: Session,
    ctx: Context,
    department_id: str,
    successor_id: str,
    *,
    kind: Literal["merge", "dissolve"],
    basis: str,
    if_version: int | None = None,
) -> Succession:
    """End a department and give all that it held to its successor.

    ``basis`` is the decision behind it. Statutory clocks run on: a reform stops no period.

    Raises:
        InvalidInput: the successor is the department itself.
        Conflict: the successor is no active department, or somebody else was faster.
    """
    if successor_id == department_id:
        raise InvalidInput("承接部门不能是部门自身。", "A department cannot succeed itself.")
    # Both rows in one order, so that two reforms at once wait for each other and do not deadlock.
    rows = {each: load(session, Department, each) for each in sorted((department_id, successor_id))}
    for row in rows.values():
        claim(session, row, if_version if row.id == department_id else None)
    department, successor = rows[department_id], rows[successor_id]
    if successor.status != ACTIVE:
        raise Conflict("承接部门已不存续，请另选。", "The successor is not active; choose another one.")
    step(session, ctx, DEPARTMENT, department, kind, basis, payload={"to": successor_id})
    payload = {"from": department_id, "to": successor_id, "kind": kind}
    moved = move(session, ctx, HELD, department_id, successor_id, payload)
    names = (department.name, successor.name)
    return _record(session, ctx, kind, department, successor, names, basis, moved)


def list_departments(session: Session, *, after: str | None = None, limit: int = 50) -> list[Department]:
    """Departments by their ids, ended ones too; ``after`` is the last id of the page before."""
    query = select(Department).order_by(Department.id).limit(limit)
    if after is not None:
        query = query.where(Department.id > after)
    return list(session.scalars(query))


def successor_of(session: Session, department_id: str) -> str:
    """Who answers for a department today: itself, or the last one of its line; an unknown id is its own."""
    current, seen = department_id, {department_id}
    ended = select(Succession.to_department).where(Succession.kind != "rename")
    while (following := session.scalar(ended.where(Succession.from_department == current))) is not None:
        if following in seen:
            raise AssertionError("a line of succession runs in a circle")
        seen.add(following)
        current = following
    return current


def answerable(session: Session, department_id: str) -> str:
    """Like :func:`successor_of`, and nobody can end that department before this transaction does.

    Whoever gives a department something new asks here, so that a reform at the same moment either moves it
    or has happened already. Take it before any lock on a case: a reform locks in that order.
    """
    while True:
        current = successor_of(session, department_id)
        row = session.get(Department, current, with_for_update={"read": True}, populate_existing=True)
        if row is None or row.status == ACTIVE:
            return current
        session.expire_all()


def past_of(session: Session, department_id: str) -> list[Succession]:
    """Everything that led to a department as it is, oldest first: its names and those it took over."""
    found: dict[str, Succession] = {}
    ahead, seen = [department_id], {department_id}
    while ahead:
        here = ahead.pop()
        for each in session.scalars(select(Succession).where(Succession.to_department == here)):
            found[each.id] = each
            if each.from_department not in seen:
                seen.add(each.from_department)
                ahead.append(each.from_department)
    return sorted(found.values(), key=lambda each: each.id)


def _administrator_only(ctx: Context) -> None:
    if ADMINISTRATOR not in ctx.principal.roles:
        raise NotPermitted("只有政务信息管理部门可以办理。", "Only the administrator may do this.")


def _free_code(session: Session, uscc: str) -> str:
    code = normal(uscc)
    if not is_uscc(code):
        raise InvalidInput(
            "统一社会信用代码校验位不正确。",
            "The check character of the credit code is wrong.",
            pointer="/uscc",
        )
    if session.scalar(select(Department.id).where(Department.uscc == code)) is not None:
        raise Conflict("该统一社会信用代码已登记。", "The credit code is entered already.")
    return code


def _checked(name: str) -> str:
    plain = name.strip()
    refuse_unstorable(plain)
    if not plain or len(plain) > _MOST_NAME:
        raise InvalidInput(
            "部门名称不能为空，且不超过 {most} 字。",
            "A department has a name of at most {most} characters.",
            most=_MOST_NAME,
        )
    return plain


def _record(
    session: Session,
    ctx: Context,
    kind: str,
    department: Department,
    successor: Department,
    names: tuple[str, str],
    basis: str,
    moved: int,
) -> Succession:
    row = Succession(
        kind=kind,
        from_department=department.id,
        to_department=successor.id,
        number=department.version,
        old_name=names[0],
        new_name=names[1],
        basis=basis.strip(),
        actor=ctx.principal.id,
        at=ctx.time.now(),
        moved=moved,
    )
    session.add(row)
    session.flush()
    return row
