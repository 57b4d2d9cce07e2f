"""The engine for one machine keeps the contract."""

from anonymize.engines import local
from anonymize.policy import Policy
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.writers import Writer

from .contract import EngineContract, keys


class TestLocal(EngineContract):
    def apply(self, table: Table, policy: Policy, sinks: list[Writer]) -> Report:
        return local.apply(table, policy, sinks, keys=keys())
