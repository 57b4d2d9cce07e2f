"""The portal inside the test process."""

from tests.ckan.storage.conftest import context, portal

__all__ = ["context", "portal"]
