"""Operators: what may be done to a column. One a file, found by name in the register."""

from anonymize.operators import (  # noqa: F401  imported for their registration
    bottom_code,
    date_shift,
    drop,
    fpe,
    generalise,
    hash,
    keep,
    mask,
    noise,
    pseudonym,
    redact,
    round,
    sample,
    scrub_text,
    shuffle,
    suppress,
    suppress_record,
    top_code,
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
