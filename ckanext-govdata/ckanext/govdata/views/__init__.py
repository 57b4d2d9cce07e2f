"""Pages and download URLs: one blueprint a module."""

from __future__ import annotations

from flask import Blueprint


def get_blueprints() -> list[Blueprint]:
    """Every blueprint of the portal, imported late because views import actions.

    Add one import and one entry of the list for each new blueprint module.
    """
    blueprints: list[Blueprint] = []
    return blueprints
