"""Departments over HTTP: who they are, and what a reform makes of them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from licensing.core.store.step import load
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import arguments, body_of, steps
from licensing.http.route import Call, Reply, Route, chosen_id
from licensing.parties import departments
from licensing.parties.lifecycle import DEPARTMENT
from licensing.parties.models import Department, Succession
from licensing.parties.shown import DepartmentView, department_view
from licensing.ports import Context

DEPARTMENTS = "部门 / Departments"


def _department(call: Call) -> Department:
    return load(call.session, Department, call.path["department_id"])


def _departments(call: Call) -> Page[DepartmentView]:
    after = cursor.decode(call.query.cursor, tuple[str])
    rows = departments.list_departments(
        call.session, after=after[0] if after else None, limit=call.query.limit + 1
    )
    page = rows[: call.query.limit]
    following = cursor.encode(page[-1].id) if len(rows) > call.query.limit else None
    return Page([department_view(call, row).content for row in page], following)


def _register_department(call: Call) -> Reply:
    given = arguments(departments.register_department, call.body, ())
    given["department_id"] = chosen_id(given["department_id"], "/department_id")
    made = departments.register_department(call.session, call.ctx, **given)
    shown = department_view(call, made)
    return Reply(shown.content, shown.version, location=f"/departments/{made.id}")


def _merge_department(
    session: Session, ctx: Context, department_id: str, *, successor_id: str, basis: str,
    if_version: int | None = None,
) -> Succession:  # fmt: skip
    return departments.succeed(
        session, ctx, department_id, successor_id, kind="merge", basis=basis, if_version=if_version
    )


def _dissolve_department(
    session: Session, ctx: Context, department_id: str, *, successor_id: str, basis: str,
    if_version: int | None = None,
) -> Succession:  # fmt: skip
    return departments.succeed(
        session, ctx, department_id, successor_id, kind="dissolve", basis=basis, if_version=if_version
    )


ROUTES = (
    Route("GET", "/departments", "listDepartments", DEPARTMENTS, "部门列表", "Departments", _departments,
          answer=Page[DepartmentView], query=Paging),
    Route("POST", "/departments", "registerDepartment", DEPARTMENTS, "登记部门", "Enter a department",
          _register_department, answer=DepartmentView,
          body=body_of(departments.register_department, "RegisterDepartment", ()), status=201),
    Route("GET", "/departments/{department_id}", "getDepartment", DEPARTMENTS, "一个部门及其沿革",
          "A department and its line", lambda call: department_view(call, _department(call)),
          answer=DepartmentView, versioned=True),
    *steps(
        tag=DEPARTMENTS, path="/departments", place="department_id", find=_department,
        show=lambda call, _made: department_view(call, _department(call)), answer=DepartmentView,
        lifecycles=[DEPARTMENT], noun="department",
        services={
            "rename": ("rename", departments.rename_department),
            "identify": ("identify", departments.identify_department),
            "merge": ("merge", _merge_department),
            "dissolve": ("dissolve", _dissolve_department),
        },
    ),
)  # fmt: skip
