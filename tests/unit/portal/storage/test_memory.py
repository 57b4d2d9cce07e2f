"""The in-memory store keeps the contract of object stores."""

from __future__ import annotations

import pytest

from ckanext.govdata.storage.memory import MemoryStore
from tests.unit.portal.storage.contract import ObjectStoreContract


class TestMemoryStore(ObjectStoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()
