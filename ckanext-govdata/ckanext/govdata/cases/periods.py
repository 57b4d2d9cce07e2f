"""The periods of public cases, as a named layer of the rule sets.

They are read and checked by the loader of :mod:`licensing.core.rules`; every one of them says the layer it
comes from, so that no page shows it as set by the regulation in force.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from licensing.core.rules import RuleSet, parse_rule_set

LAYER = "public_service"
_OWN = "rule_set: portal\ntitle: {zh: 门户, en: Portal}\ninherits: [public_service]\nclocks: []\n".encode()


@cache
def rules() -> RuleSet:
    """The clocks of requests and complaints; raises InvalidInput when the file is not understood."""
    text = resources.files(__package__).joinpath("periods.yaml").read_bytes()
    return parse_rule_set(_OWN, {LAYER: text})
