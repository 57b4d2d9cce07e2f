"""The departments and officers of the release tests, for what happens to an entry while machines look on."""

from __future__ import annotations

from tests.ckan.release.conftest import ckan_app, in_process, site

__all__ = ["ckan_app", "in_process", "site"]
