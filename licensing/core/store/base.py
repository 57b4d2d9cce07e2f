"""What all tables of the library share.

A domain declares its tables on :class:`Base`; whatever has a lifecycle also takes :class:`Stored`, which
brings id, status and version. Table names begin with ``licensing_``, so that the library can live in a
database that has other tenants.
"""

from __future__ import annotations

import pkgutil
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

import licensing
from licensing.core.store.ids import new_id
from licensing.core.store.types import UtcDateTime
from licensing.ports import Involved

_NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Base(DeclarativeBase):
    """Root of every table of the library."""

    metadata = MetaData(naming_convention=_NAMES)


class HasId:
    """An opaque id that sorts by the time of its making."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)


class Stored(HasId):
    """A row with a lifecycle.

    ``status`` is written by :mod:`licensing.core.lifecycle` alone. ``version`` grows with every change of
    the row; it is the ETag of the API, and a change made on an older version is refused. ``modified_at``
    is the time of the last step.
    """

    status: Mapped[str] = mapped_column(String(64), index=True)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  (SQLAlchemy passes the class)
        return {"version_id_col": cls.version}

    def involved(self) -> Involved:
        """Whose it is (see :class:`licensing.ports.Subject`); every domain says it."""
        raise NotImplementedError


def load_models() -> MetaData:
    """Import the tables of the core and of every domain; answers the metadata that then knows all of them."""
    for name in (
        "licensing.core.ledger.models",
        "licensing.core.store.events",
        "licensing.core.store.clocks",
    ):
        import_module(name)
    for module in pkgutil.iter_modules(licensing.__path__, "licensing."):
        if module.ispkg and find_spec(f"{module.name}.models") is not None:
            import_module(f"{module.name}.models")
    return Base.metadata
