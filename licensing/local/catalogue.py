"""A catalogue in one table."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from licensing.local.models import LocalDataset
from licensing.ports import DatasetInfo, Field, Origin, ReleaseInfo


class TableCatalogue:
    """Reads ``licensing_local_dataset``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def dataset(self, dataset_id: str) -> DatasetInfo | None:
        """The entry, or None when there is none."""
        row = self._session.get(LocalDataset, dataset_id)
        if row is None:
            return None
        return DatasetInfo(
            row.id,
            row.title,
            row.provider,
            row.original_provider,
            row.share_type,
            row.open_type,
            tuple(Field(item["name"], item["type"], item["level"]) for item in row.fields),
            tuple(
                ReleaseInfo(item["number"], date.fromisoformat(item["published"]), item["sha256"])
                for item in row.releases
            ),
            Origin(row.origin["platform"], row.origin["dataset"]) if row.origin else None,
        )
