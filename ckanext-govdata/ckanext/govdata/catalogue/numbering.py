"""Assigns catalogue codes and keeps them unique; the only module here that counts in the database."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

from ckanext.govdata.catalogue import catalogue_code
from ckanext.govdata.catalogue.codes import code

# One lock for all prefixes: entries are made seldom, and a gap or a double is worse than a wait.
LOCK_KEY = 0x676F76636F6465


def lock(session: Session) -> None:
    """Let one transaction at a time assign codes; the lock ends with the transaction."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})


def highest_serials(session: Session) -> dict[str, int]:
    """The highest serial in use, by prefix, deleted entries included (a code is never given twice).

    Entries of other platforms have codes of their own counting.
    """
    rows = session.execute(
        sa.text(
            "SELECT split_part(extras->>'catalogue_code', '/', 1) AS prefix,"
            " max(split_part(extras->>'catalogue_code', '/', 2)::int) AS serial"
            " FROM package WHERE extras->>'catalogue_code' ~ '^[0-9]{6,12}/[0-9]{6}$'"
            " AND extras->>'guid' IS NULL GROUP BY 1"
        )
    )
    return {row.prefix: row.serial for row in rows}


def owner_of(session: Session, catalogue_code_text: str, platform: str = "") -> str | None:
    """The id of the entry that has this code, or ``None``.

    Each platform counts for itself: ``platform`` is how the addresses of another one's entries begin, empty
    for ours.
    """
    return session.execute(
        sa.text(
            "SELECT id FROM package WHERE extras->>'catalogue_code' = :code"
            " AND CASE WHEN extras->>'guid' IS NULL THEN '' ELSE"
            " coalesce(substring(extras->>'uri' from '^(.*)/dataset/[^/]+$'), '?') END = :platform LIMIT 1"
        ),
        {"code": catalogue_code_text, "platform": platform},
    ).scalar()


def prefix_of(entry: dict[str, str], organization: model.Group) -> str:
    """The prefix for an entry with ``catalogue_class``, ``base_library`` and ``theme`` of ``organization``.

    Raises CatalogueCodeError when something that the prefix needs is missing.
    """
    base = entry.get("base_library") or ""
    theme = entry.get("theme") or ""
    return catalogue_code.prefix_for(
        entry.get("catalogue_class") or "",
        base_item=code("base_library", base).code if base else "",
        theme_item=code("theme", theme).code if theme else "",
        level=(organization.extras or {}).get("department_level", ""),
        subitem=(organization.extras or {}).get("catalogue_item", ""),
    )


def assign(session: Session, entry: dict[str, str], organization: model.Group) -> str:
    """The next free code for ``entry``; holds the lock until the transaction ends."""
    lock(session)
    prefix = prefix_of(entry, organization)
    return str(catalogue_code.next_code(prefix, highest_serials(session).get(prefix, 0)))
