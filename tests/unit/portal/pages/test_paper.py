"""Pages on paper, which is narrow but no telephone and cannot scroll."""

from __future__ import annotations

from pathlib import Path

import ckanext.govdata

ASSETS = Path(ckanext.govdata.__file__).parent / "assets"


def test_paper_never_gets_the_release_tables_of_a_telephone() -> None:
    css = (ASSETS / "release" / "release.css").read_text("utf-8")
    assert "@media screen and (max-width" in css
    assert "@media (max-width" not in css


def test_paper_shows_every_column_of_a_wide_table() -> None:
    css = (ASSETS / "portal" / "parts.css").read_text("utf-8")
    printed = css[css.index("@media print { /* paper does not scroll") :]
    assert ".gd-tablebox { overflow: visible; max-height: none; }" in printed
