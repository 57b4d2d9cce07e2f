"""The department and the officers of the rehearsal."""

from __future__ import annotations

from tests.ckan.release.conftest import ckan_app, in_process, site

__all__ = ["ckan_app", "in_process", "site"]
