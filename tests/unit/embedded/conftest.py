"""A home that was never started, in a folder of the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.govdata.embedded.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(root=tmp_path / "home", host="127.0.0.1", web_port=5999, port_base=25999)
