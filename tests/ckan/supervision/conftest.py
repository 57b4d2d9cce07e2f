"""The departments and officers of the release tests."""

from __future__ import annotations

from tests.ckan.people.conftest import person
from tests.ckan.release.conftest import ckan_app, in_process, site

__all__ = ["ckan_app", "in_process", "person", "site"]
