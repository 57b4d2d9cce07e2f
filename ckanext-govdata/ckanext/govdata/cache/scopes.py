"""What a page can depend on. A scope is a short text; a change names scopes, a page names scopes.

==================  ====================================================================
``dataset:<id>``    one entry: its row, resources, keywords, releases
``of:<id>``         the entries of one department, as a list
``catalogue``       any entry at all: searches, the home page, counts
``departments``     the tree of departments, their names and members
``users``           names that accounts show
``followers``       who follows what, as a number
``reuses``          what people made of the data
``site``            settings made in the administration; vocabularies
==================  ====================================================================

Which rows belong to which scopes is written once, here, as SQL: the migration makes triggers of it
(:mod:`ckanext.govdata.cache.outbox`), and reading knows from the same table what has a trigger at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CATALOGUE, DEPARTMENTS, USERS, SITE = "catalogue", "departments", "users", "site"
FOLLOWERS, REUSES = "followers", "reuses"


def dataset(dataset_id: str) -> str:
    """The scope of one entry."""
    return f"dataset:{dataset_id}"


def entries_of(organization_id: str) -> str:
    """The scope of the list of entries of one department."""
    return f"of:{organization_id}"


_PUBLIC = "r.status IN ('published', 'withdrawn')"
_OF_PACKAGE = (
    "('dataset:' || {id})",
    "('of:' || (SELECT p.owner_org FROM package p WHERE p.id = {id}))",
    "'catalogue'",
)


def _of(column: str) -> tuple[str, ...]:
    return tuple(text.format(id=column) for text in _OF_PACKAGE)


TRIGGERED: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "package": ("true", ("('dataset:' || r.id)", "('of:' || r.owner_org)", "'catalogue'")),
        "resource": ("true", _of("r.package_id")),
        "package_tag": ("true", _of("r.package_id")),
        "package_relationship": ("true", (*_of("r.subject_package_id"), *_of("r.object_package_id"))),
        "govdata_release": (_PUBLIC, _of("r.dataset_id")),
        "govdata_release_artifact": (
            "true",
            _of("(SELECT g.dataset_id FROM govdata_release g WHERE g.id = r.release_id)"),
        ),
        "govdata_release_step": (
            f"(SELECT g.status FROM govdata_release g WHERE g.id = r.release_id) {_PUBLIC[9:]}",  # noqa: S608
            _of("(SELECT g.dataset_id FROM govdata_release g WHERE g.id = r.release_id)"),
        ),
        "user_following_group": ("true", ("'followers'",)),
        "user_following_dataset": ("true", ("'followers'",)),
        "group": ("true", ("'departments'", "'catalogue'")),
        "member": (
            "true",
            (
                "CASE WHEN r.table_name = 'package' THEN 'dataset:' || r.table_id ELSE 'departments' END",
                "CASE WHEN r.table_name = 'package' THEN 'of:' || r.group_id END",
                "CASE WHEN r.table_name = 'package' THEN 'catalogue' END",
            ),
        ),
        "system_info": ("true", ("'site'",)),
        "vocabulary": ("true", ("'site'",)),
        "tag": ("r.vocabulary_id IS NOT NULL", ("'site'",)),
        "user": ("true", ("'users'",)),
        "govdata_reuse": ("true", ("'reuses'",)),
        "govdata_reuse_source": ("true", ("'reuses'",)),
    }
)
"""Table → (which rows count, SQL expressions of the scopes of row ``r``; NULL stands for none)."""

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"user": ("id", "name", "fullname", "about", "state", "image_url")}
)
"""Tables of which only these columns show. An account's others change at every visit."""

ENTRY_TABLES = frozenset(
    {
        "package",
        "resource",
        "package_tag",
        "package_relationship",
        "tag",
        "govdata_release",
        "govdata_release_artifact",
        "govdata_release_step",
    }
)
"""Reading these is explained by the entry, the department's list or the catalogue."""

READ_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "group": DEPARTMENTS,
        "member": DEPARTMENTS,
        "system_info": SITE,
        "vocabulary": SITE,
        "user": USERS,
        "user_following_group": FOLLOWERS,
        "user_following_dataset": FOLLOWERS,
        "govdata_reuse": REUSES,
        "govdata_reuse_source": REUSES,
    }
)
"""Table → the scope that a page depends on as soon as it has read the table."""

TECHNICAL = frozenset({"govdata_outbox", "govdata_cache_change", "package_member", "resource_view"})
"""Read while a page is made, and shown on none of the listed ones."""
