"""``licensing principal`` and ``licensing token``: who may use the standalone interface."""

from __future__ import annotations

import os
from datetime import timedelta

import click

from licensing.cli.edge import guarded, json_option, show
from licensing.core.errors import Conflict, InvalidInput
from licensing.local import tokens
from licensing.local.models import LocalPrincipal, LocalRole
from licensing.local.setup import Setup
from licensing.ports import OFFICE_ROLES, PARTY_ROLES, SERVICE_ROLES


@click.group("principal")
def principal_group() -> None:
    """用户 / users of the standalone mode."""


@principal_group.command("add")
@click.argument("principal_id")
@click.option("--name", required=True, help="名称 / name")
@click.option("--partner", help="所属合作方编号 / id of the partner that this user belongs to")
@click.option(
    "--role", "roles", multiple=True, required=True,
    help="角色，部门角色写作 provider:部门编号 / a role; with a department as provider:ID",
)  # fmt: skip
@json_option
@guarded
def add_command(
    principal_id: str, name: str, partner: str | None, roles: tuple[str, ...], as_json: bool
) -> None:
    """登记用户及其角色 / register a user with roles."""
    held = [tuple(role.partition(":")[::2]) for role in roles]
    for role, department in held:
        if role not in PARTY_ROLES | OFFICE_ROLES | SERVICE_ROLES or (department and role not in PARTY_ROLES):
            raise InvalidInput("没有这种角色：{role}。", "There is no such role: {role}.", role=role)
    with Setup(os.environ).session() as session, session.begin():
        if session.get(LocalPrincipal, principal_id) is not None:
            raise Conflict("已有这个用户。", "There is such a user already.")
        session.add(LocalPrincipal(id=principal_id, name=name, partner=partner))
        session.flush()
        session.add_all(
            LocalRole(principal_id=principal_id, role=role, department=unit) for role, unit in held
        )
    show({"id": principal_id, "roles": list(roles)}, as_json, lambda: principal_id)


@click.group("token")
def token_group() -> None:
    """访问令牌 / tokens."""


@token_group.command("issue")
@click.argument("principal_id")
@click.option("--days", default=90, show_default=True, help="有效天数 / valid for so many days")
@click.option("--label", default="", help="用途 / what it is for")
@json_option
@guarded
def issue_command(principal_id: str, days: int, label: str, as_json: bool) -> None:
    """签发令牌；只显示这一次 / issue a token; it is shown this once."""
    setup = Setup(os.environ)
    with setup.session() as session, session.begin():
        text, row = tokens.issue(session, setup.time, principal_id, label=label, valid=timedelta(days=days))
        data = {"id": row.id, "token": text, "expires_at": row.expires_at.isoformat()}
    show(data, as_json, lambda: text)


@token_group.command("revoke")
@click.argument("token_id")
@json_option
@guarded
def revoke_command(token_id: str, as_json: bool) -> None:
    """吊销令牌，立即生效 / revoke a token, at once."""
    setup = Setup(os.environ)
    with setup.session() as session, session.begin():
        tokens.revoke(session, setup.time, token_id)
    show({"revoked": token_id}, as_json, lambda: "已吊销 / revoked")
