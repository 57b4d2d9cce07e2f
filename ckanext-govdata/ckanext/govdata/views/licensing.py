"""The licensing library's interface under the portal: ``/api/licensing/v1`` and the demonstration's ``/ca``.

Whoever is logged in, or gives an API token of the portal, acts as that account. The library answers in its
own form (problem+json); a change made with a session cookie needs the CSRF token, as everywhere here.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ckan.config.middleware.flask_app import csrf
from flask import Blueprint

from ckanext.govdata import views
from ckanext.govdata.licensing_ports.setup import setup
from licensing.signatures.authority.web import authority_blueprint
from licensing.web import blueprint


def blueprints() -> list[Blueprint]:
    """None where the installation has no database for agreements."""
    here = setup()
    if not here.environment.get("LICENSING_DATABASE"):
        return []
    found = [blueprint(here.settings())]
    if here.environment.get("LICENSING_CA"):
        found.append(authority_blueprint(here.authority))
    for each in found:
        # Requests without a cookie have no token to show; the guard asks those with one.
        csrf.exempt(each)
    return [*found, *pages()]


def pages() -> list[Blueprint]:
    """Pages of licensing, clients of the interface: the blueprints of every module ``licensing_*`` here."""
    found: list[Blueprint] = []
    for each in pkgutil.iter_modules(views.__path__):
        if each.name.startswith("licensing_"):
            module = import_module(f"{views.__name__}.{each.name}")
            found += [
                one
                for one in vars(module).values()
                if isinstance(one, Blueprint) and one.import_name == module.__name__
            ]
    return found
