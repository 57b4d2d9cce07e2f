"""What CKAN may call by name, gathered from the rooms where it stands."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

PREFIX: Final = "govdata_"
_CHAINED: Final = ("chained_action", "chained_auth_function")


def offered(*modules: ModuleType) -> dict[str, Callable[..., Any]]:
    """By name: whatever is called ``govdata_…`` in one of ``modules``, and what is chained to CKAN's own.

    Nothing else is offered: a helper is not called so.
    """
    return {
        name: value
        for module in modules
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if name.startswith(PREFIX) or any(getattr(value, mark, False) for mark in _CHAINED)
    }
