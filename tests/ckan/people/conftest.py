"""The departments and officers of the release tests, and people who ask, complain, audit and stand in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest

from tests.ckan.release.conftest import ckan_app, in_process, site

__all__ = ["ckan_app", "in_process", "site"]


@pytest.fixture(scope="session")
def person(ckan_app: Any, site: Any) -> Callable[..., str]:
    """Makes an account by a word and gives it roles; answers the key under which ``site`` calls as it."""

    def make(word: str, *roles: str, department: str | None = None) -> str:
        from ckan.plugins import toolkit as tk

        who = f"{word}-{secrets.token_hex(4)}"
        with ckan_app.test_request_context():
            root = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

            def act(action: str, **data: Any) -> Any:
                return tk.get_action(action)({"ignore_auth": True, "user": root}, data)

            act("user_create", name=who, email=f"{who}@example.org", password=secrets.token_urlsafe(16))
            if roles:
                place = {"organization": site.department(department)} if department else {}
                act("govdata_officer_set", user=who, roles=list(roles), **place)
            site.tokens[who] = act("api_token_create", user=who, name="tests")["token"]
        return who

    return make


@pytest.fixture(autouse=True)
def _counted_anew(ckan_app: Any) -> None:
    """All tests come from one address: each begins with nothing counted."""
    from ckan.lib.redis import connect_to_redis

    with ckan_app.test_request_context():
        redis = connect_to_redis()
        for key in redis.scan_iter("govdata:limit:*"):
            redis.delete(key)
