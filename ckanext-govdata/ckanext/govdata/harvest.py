"""The plugin ``govdata_harvest``: entries of other platforms become entries of this catalogue.

Loaded beside ``dcat harvest dcat_rdf_harvester`` on a platform that harvests. What the source says in our own
vocabulary is kept as it is; of any other source the elements that a catalogue entry must have are concluded
from DCAT, never towards more openness than the source states. Articles: HB-12, QD-12 (cascading).
"""

from __future__ import annotations

from typing import Any

from ckan import plugins as p
from ckanext.dcat.interfaces import IDCATRDFHarvester

from ckanext.govdata.interchange import adoption, origin


class GovdataHarvest(p.SingletonPlugin):
    """Makes what ckanext-dcat has read fit the portal's schema."""

    p.implements(IDCATRDFHarvester, inherit=True)

    def after_parsing(self, rdf_parser: Any, _harvest_job: Any) -> tuple[Any, list[str]]:
        """Leave out what the other platform has from us: nothing of ours is harvested back."""
        origin.leave_out_ours(rdf_parser.g)
        return rdf_parser, []

    def before_create(self, _harvest_object: Any, dataset_dict: dict[str, Any], _temp_dict: Any) -> None:
        adoption.adopt(dataset_dict)
        origin.free_name(dataset_dict)

    def before_update(self, _harvest_object: Any, dataset_dict: dict[str, Any], _temp_dict: Any) -> None:
        adoption.adopt(dataset_dict)
