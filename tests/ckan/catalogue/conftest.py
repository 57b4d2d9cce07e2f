"""CKAN in this process, on the configuration and the keys of the running stack."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def ckan_app() -> Iterator[Any]:
    """The application, for its contexts; requests go to the stack itself."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    from ckanext.govdata.embedded.environment import portal_environment
    from ckanext.govdata.embedded.home import locate
    from ckanext.govdata.embedded.secrets import load

    home = locate()
    assert home.secrets_file.is_file(), "these tests need a running stack: GOVDATA_HOME=… govdata up"
    before = dict(os.environ)
    os.environ.update(portal_environment(home, load(home.secrets_file)))
    yield make_app(load_config(str(home.ini)))._wsgi_app
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def user(ckan_app: Any) -> Iterator[str]:
    """The name of CKAN's own sysadmin, within an application context."""
    from ckan.plugins import toolkit as tk

    with ckan_app.test_request_context():
        yield tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


@pytest.fixture
def entries(user: str) -> Iterator[list[dict[str, Any]]]:
    """Forty entries of the demonstration city under other names; what a test makes of them is purged."""
    from ckan import model
    from ckan.lib import search
    from ckan.plugins import toolkit as tk

    from ckanext.govdata.demo import city

    tag = secrets.token_hex(4)
    owner = model.Group.get("minzheng")
    assert owner is not None, "the stack has no demo data"
    made = [
        {**entry.document, "name": f"{entry.name}-{tag}", "owner_org": owner.id}
        for entry in city.entries()[:40]
    ]
    yield made
    model.Session.rollback()
    for entry in made:
        if model.Package.get(entry["name"]) is not None:
            tk.get_action("dataset_purge")({"ignore_auth": True, "user": user}, {"id": entry["name"]})
    search.commit()
