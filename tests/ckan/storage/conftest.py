"""CKAN inside the test process, on the services of the running stack (``govdata exec`` names them)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from ckanext.govdata.storage.s3 import S3Settings


@pytest.fixture(scope="session")
def portal() -> Any:
    """The Flask application, configured as the web processes are."""
    if "CKAN_INI" not in os.environ or "GOVDATA_KEK" not in os.environ:
        pytest.fail("run these tests by `govdata exec`, which names the configuration and the keys")
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    return make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())._wsgi_app


@pytest.fixture
def context(portal: Any) -> Iterator[None]:
    """A request context of an anonymous visitor, with the database session closed afterwards."""
    from ckan import model

    with portal.test_request_context("/"):
        yield
        model.Session.remove()


@pytest.fixture
def s3_settings(context: None) -> S3Settings:
    """Where the stack's S3 server is; the bucket is the public one."""
    from ckanext.govdata import config

    return config.s3(config.public_bucket())
