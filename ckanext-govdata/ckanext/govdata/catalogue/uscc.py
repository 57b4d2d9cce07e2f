"""The unified social credit code of organisations (GB 32100-2015): 18 characters, the last one a check.

Weights are powers of 3 modulo 31 over an alphabet without I, O, S, V and Z. Example: the body
``12610100MB0000001`` has the check character ``J``.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODY_LENGTH = 17


def check_character(body: str) -> str:
    """The check character for the first 17 characters; raises ValueError for another length or character."""
    if len(body) != BODY_LENGTH:
        raise ValueError("a code body has 17 characters")
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether ``code`` has 18 characters of the alphabet and the right check character."""
    if len(code) != BODY_LENGTH + 1 or any(char not in ALPHABET for char in code):
        return False
    return check_character(code[:BODY_LENGTH]) == code[BODY_LENGTH]
