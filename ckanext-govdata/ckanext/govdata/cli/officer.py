"""``ckan govdata officer``: appoint the first administrator, and look who is who."""

from __future__ import annotations

import click
from ckan import model

from ckanext.govdata.release import officers
from licensing.core.errors import LicensingError, NotFound


@click.group(short_help="办理人员 / officers.")
def officer() -> None:
    """办理人员的任命与名册 / appointing officers and listing them."""


@officer.command("set")
@click.argument("user")
@click.argument("roles", nargs=-1)
@click.option("--organization", help="部门标识，平台角色不填 / the department; leave out for platform roles.")
def set_roles(user: str, roles: tuple[str, ...], organization: str | None) -> None:
    """设置 USER 的全部角色;不列角色即免去 / set all roles of USER; none dismisses."""
    try:
        department = model.Group.get(organization) if organization else None
        if organization and department is None:
            raise NotFound("没有这个部门。", "There is no such department.")
        officers.appoint(
            model.Session,
            user=model.User.get(user),
            organization=department,
            roles=frozenset(roles),
            by="command line",
        )
        model.Session.commit()
    except LicensingError as error:
        model.Session.rollback()
        click.echo(f"{error.zh} {error.en}", err=True)
        raise SystemExit(error.exit_code) from None


@officer.command("list")
def list_officers() -> None:
    """列出全部办理人员 / every officer, one a line."""
    for entry in officers.listed(model.Session):
        click.echo("\t".join([entry["organization"] or "-", entry["user"], entry["role"], entry["fullname"]]))
