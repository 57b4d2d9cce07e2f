"""Operators: what may be done to a column. One a file, found by name in the register."""

from anonymize.operators import (  # noqa: F401  imported for their registration
    drop,
    generalise,
    hash,
    keep,
    mask,
    pseudonym,
    redact,
    scrub_text,
    suppress,
)
from anonymize.operators.registry import (
    REDACTED,
    Effect,
    Operator,
    OperatorContext,
    Scope,
    all_operators,
    check_spec,
    get_operator,
    operator,
    with_effect,
)

__all__ = [
    "REDACTED",
    "Effect",
    "Operator",
    "OperatorContext",
    "Scope",
    "all_operators",
    "check_spec",
    "get_operator",
    "operator",
    "with_effect",
]
