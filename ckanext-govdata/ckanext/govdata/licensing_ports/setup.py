"""The library as this portal runs it: a database beside CKAN's, ports out of accounts and entries."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from typing import Any

from ckan.plugins import toolkit as tk
from flask import Request
from sqlalchemy.orm import Session

from ckanext.govdata.licensing_ports import people
from ckanext.govdata.licensing_ports.authorizer import PortalAuthorizer
from ckanext.govdata.licensing_ports.catalogue import PortalCatalogue
from ckanext.govdata.licensing_ports.storage import SealedStorage
from ckanext.govdata.storage import buckets
from licensing.core.workdays import StatutoryCalendar
from licensing.http.errors import Unauthenticated
from licensing.http.settings import Settings
from licensing.local.notifier import TableNotifier
from licensing.local.setup import Setup
from licensing.ports import Context, Principal
from licensing.usage.meter import Meter


class PortalSetup(Setup):
    """Keys, rules, authority and database from the environment; people, entries, objects from the portal."""

    def context(self, session: Session, principal: Principal) -> Context:
        return Context(
            principal=principal,
            time=self.time,
            authorizer=PortalAuthorizer(),
            catalogue=PortalCatalogue(),
            storage=SealedStorage(session, buckets.staging(), buckets.keyring()),
            notifier=TableNotifier(session, self.time),
            rules=self.rules(),
            calendar=StatutoryCalendar(),
        )

    def settings(self) -> Settings:
        return replace(super().settings(), authenticate=authenticate)

    def meter(self) -> Meter | None:
        """None: no gateway reports calls over HTTP here, the portal serves data itself."""
        return None


def authenticate(request: Request, session: Session) -> Principal | None:
    """The account of the request's API token or session cookie.

    Raises:
        Unauthenticated: the request carries a token that is nobody's.
    """
    account: Any = tk.current_user
    if account.is_authenticated:
        return people.principal_of(account, session)
    if request.headers.get("Authorization"):
        raise Unauthenticated("访问令牌无效或者已失效。", "The token is not valid, or not any more.")
    return None


@cache
def setup() -> PortalSetup:
    """The installation of this process."""
    return PortalSetup(os.environ)
