"""Demonstration accounts: made once, with random passwords that stand nowhere but in ``run.json``.

An account that exists already keeps its password when ``run.json`` still knows it; otherwise it gets a new
one, because a password can be read from nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

import yaml
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context

TOKEN_NAME = "govdata-demo"  # noqa: S105 - the name of a token, not a token
PASSWORD_BYTES = 12


@dataclass(frozen=True)
class Account:
    """Who somebody is in the demonstration; ``roles`` hold in ``organization``, ``platform`` everywhere."""

    role: str
    name: str
    fullname: str
    organization: str | None = None
    roles: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()


@cache
def accounts() -> tuple[Account, ...]:
    """All accounts, the sysadmin first, because it makes the others."""
    file = resources.files(__package__).joinpath("accounts.yaml")
    return tuple(
        Account(
            role=entry["role"],
            name=entry["name"],
            fullname=entry["fullname"],
            organization=entry.get("organization"),
            roles=tuple(entry.get("roles", ())),
            platform=tuple(entry.get("platform", ())),
        )
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    )


def account(role: str, organization: str | None = None) -> Account:
    """The account that holds ``role`` (in ``organization``); raises LookupError when nobody does."""
    for candidate in accounts():
        held = candidate.roles if organization else candidate.platform
        if role in held and candidate.organization == organization:
            return candidate
    raise LookupError(f"nobody is {role} of {organization}")


def ensure(known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Create or complete all accounts; returns them as ``run.json`` lists them.

    ``known`` holds the accounts of an earlier ``run.json``, by name. Departments must exist.
    """
    listed = []
    sysadmin = next(entry for entry in accounts() if entry.role == "sysadmin")
    _ensure_sysadmin(sysadmin)
    for entry in accounts():
        earlier = known.get(entry.name, {})
        user = model.User.by_name(entry.name)
        password, token = earlier.get("password"), earlier.get("api_token")
        if user is None:
            password = secrets.token_urlsafe(PASSWORD_BYTES)
            _call(
                "user_create",
                sysadmin.name,
                name=entry.name,
                email=f"{entry.name}@demo.invalid",
                password=password,
                fullname=entry.fullname,
            )
        elif not password:
            password = secrets.token_urlsafe(PASSWORD_BYTES)
            user.password = password
            user.save()
        if not token:
            token = _new_token(sysadmin.name, entry.name)
            _appoint(sysadmin.name, entry)
        listed.append(
            {
                "role": entry.role,
                "name": entry.name,
                "fullname": entry.fullname,
                "password": password,
                "api_token": token,
                "organization": entry.organization,
            }
        )
    return listed


def sysadmin_name() -> str:
    """The account that creates departments and entries."""
    sysadmin = next(entry for entry in accounts() if entry.role == "sysadmin")
    _ensure_sysadmin(sysadmin)
    return sysadmin.name


def _ensure_sysadmin(entry: Account) -> None:
    """Make the first account by the model: there is nobody yet in whose name an action could."""
    if model.User.by_name(entry.name) is not None:
        return
    user = model.User(
        name=entry.name,
        fullname=entry.fullname,
        email=f"{entry.name}@demo.invalid",
        password=secrets.token_urlsafe(PASSWORD_BYTES),
        sysadmin=True,
    )
    model.Session.add(user)
    model.repo.commit()


def _new_token(sysadmin: str, name: str) -> str:
    """A fresh API token; earlier ones of this name are revoked, since nobody knows them any more."""
    for token in _call("api_token_list", sysadmin, user_id=name):
        if token["name"] == TOKEN_NAME:
            _call("api_token_revoke", sysadmin, jti=token["id"])
    return str(_call("api_token_create", sysadmin, user=name, name=TOKEN_NAME)["token"])


def _appoint(sysadmin: str, entry: Account) -> None:
    if entry.roles:
        _call(
            "govdata_officer_set",
            sysadmin,
            user=entry.name,
            organization=entry.organization,
            roles=list(entry.roles),
        )
    if entry.platform:
        _call("govdata_officer_set", sysadmin, user=entry.name, roles=list(entry.platform))


def _call(action: str, caller: str, /, **data: Any) -> Any:
    context = cast(Context, {"user": caller, "model": model, "session": model.Session})
    return tk.get_action(action)(context, data)
