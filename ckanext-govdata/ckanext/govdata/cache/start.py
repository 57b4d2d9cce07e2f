"""Puts the cache in its places: in front of the application, behind every commit, beside every statement."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Response

from ckanext.govdata.cache import invalidation, recording, settings
from ckanext.govdata.cache.layer import CacheLayer
from ckanext.govdata.cache.tally import Tally
from ckanext.govdata.cache.wire import Wire
from ckanext.govdata.portal import use_count


def watch() -> None:
    """Watch the commits and statements of this process."""
    invalidation.install(model.meta.engine)
    if model.meta.engine is not None:
        recording.install(model.meta.engine)


def tell_endpoints(app: Any) -> Any:
    """Note which view answered a request, for the page in the making."""

    def note(response: Response) -> Response:
        recording.answered_by(tk.request.endpoint)
        return response

    app.after_request(note)
    return app


def in_front_of(app: Any, ini: str) -> Any:
    """``app`` behind the cache; ``app`` itself when no server is named for the cache."""
    versions = invalidation.store()
    if versions is None:
        return app
    config = tk.config
    return CacheLayer(
        app,
        versions,
        Wire(settings.url()),
        site_url=str(config["ckan.site_url"]),
        build=settings.build(ini),
        locales=config["ckan.locales_offered"],
        zone=str(config["ckan.display_timezone"]),
        tally=Tally(use_count.count_calls),
        token_header=str(config["apitoken_header_name"]),
        ignored_cookies=settings.ignored_cookies(),
        memory_bytes=settings.memory_bytes(),
        page_bytes=settings.page_bytes(),
        page_seconds=settings.page_seconds(),
    )
