"""What ckanext-harvest asks the database for each search document, asked once for a batch.

On a platform that harvests, its plugin looks for the harvest of every entry that is indexed. Most were
compiled here and never harvested; the plugin has nothing to add to them and is not called for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model, plugins

Document = dict[str, Any]


def asking_once(ids: Iterable[str]) -> Callable[[Any], Iterator[Any]]:
    """To be used instead of ``PluginImplementations`` while the entries ``ids`` are indexed."""
    if not plugins.plugin_loaded("harvest"):
        return plugins.PluginImplementations
    from ckanext.harvest.model import HarvestObject

    asked = sa.select(HarvestObject.package_id).where(HarvestObject.package_id.in_(list(ids)))
    harvested = set(model.Session.execute(asked).scalars())
    harvest = plugins.get_plugin("harvest")

    def implementations(interface: Any) -> Iterator[Any]:
        for plugin in plugins.PluginImplementations(interface):
            yield _Harvest(plugin, harvested) if plugin is harvest else plugin

    return implementations


@dataclass(frozen=True, slots=True)
class _Harvest:
    """The plugin of ckanext-harvest for entries of which it is known whether they were harvested."""

    plugin: Any
    harvested: set[str]

    def before_dataset_index(self, document: Document) -> Document:
        """As the plugin's own."""
        # It also writes a status that is a dictionary as text.
        if document["id"] in self.harvested or isinstance(document.get("status"), dict):
            return self.plugin.before_dataset_index(document)  # type: ignore[no-any-return]
        return document
