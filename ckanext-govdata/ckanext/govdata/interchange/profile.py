"""The profile ``govdata`` of ckanext-dcat: the statutory elements of a catalogue entry, written and read.

Used after ``euro_dcat_ap_3``. A reader without it keeps what DCAT-AP has a property for; a reader with it
(``ckanext.dcat.rdf.profiles = euro_dcat_ap_3 govdata``) keeps every element, the data dictionary included.

Namespace ``urn:govdata:catalogue#``: it belongs to the vocabulary and not to one portal, so that a platform
of another level reads it too. Articles: SX-8, HB-6, JS-10, QD-7 (elements), HB-12, QD-12 (harvest both ways).
"""

from __future__ import annotations

import json
from typing import Any

from ckanext.dcat.profiles import DCAT, DCT, FOAF, RDFProfile
from rdflib import RDF, SKOS, XSD, Literal, Namespace, URIRef

from ckanext.govdata.catalogue import codes
from ckanext.govdata.interchange import vocabularies
from ckanext.govdata.interchange.entry import ELEMENTS, ITEM_PARTS, LISTS, Item

GOV = Namespace("urn:govdata:catalogue#")
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
PICTURE = "govdata_picture"
"""Key of a dataset dictionary under which what this profile writes is handed over."""
_LIST_OR_ONE = {**dict.fromkeys(ELEMENTS, False), **dict.fromkeys(LISTS, True)}


def term(name: str) -> URIRef:
    """The property of an element: ``share_type`` → ``…#shareType``."""
    head, *rest = name.split("_")
    return GOV[head + "".join(word.capitalize() for word in rest)]


class GovdataProfile(RDFProfile):
    """Statutory catalogue elements in RDF. ckanext-dcat finds it by its entry point."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """Add the elements, the dictionary, the licence's names and the policy to the graph."""
        picture = dataset_dict.get(PICTURE)
        if picture is None:
            return
        graph = self.g
        graph.bind("gov", GOV)
        graph.bind("odrl", ODRL)
        graph.add((dataset_ref, GOV.shortName, Literal(picture["name"])))
        graph.add((dataset_ref, GOV.created, Literal(picture["created"], datatype=XSD.dateTime)))
        for name, value in picture["elements"].items():
            graph.add((dataset_ref, term(name), Literal(value)))
        for name, values in picture["lists"].items():
            for value in values:
                graph.add((dataset_ref, term(name), Literal(value)))
        for position, item in enumerate(picture["items"], start=1):
            self._add_item(dataset_ref, position, item)
        self._add_theme(picture["elements"].get("theme", ""))
        self._add_licence(dataset_ref, picture)
        graph.add((dataset_ref, ODRL.hasPolicy, URIRef(picture["policy"])))
        department = picture["department"]
        if department is not None:
            graph.add((dataset_ref, GOV.department, Literal(department.name)))

    def _add_item(self, dataset_ref: URIRef, position: int, item: Item) -> None:
        node = URIRef(f"{dataset_ref}#item-{position}")
        self.g.add((dataset_ref, GOV.informationItem, node))
        self.g.add((node, RDF.type, GOV.InformationItem))
        self.g.add((node, GOV.position, Literal(position)))
        for part in ITEM_PARTS:
            if value := getattr(item, part):
                self.g.add((node, GOV[part], Literal(value)))

    def _add_theme(self, theme: str) -> None:
        """A name for the theme's own concept, in both languages."""
        for code in codes.code_list("theme"):
            if code.value == theme:
                node = URIRef(vocabularies.themes(theme)[0])
                self.g.add((node, RDF.type, SKOS.Concept))
                self.g.add((node, SKOS.prefLabel, Literal(code.zh, lang="zh")))
                self.g.add((node, SKOS.prefLabel, Literal(code.en, lang="en")))

    def _add_licence(self, dataset_ref: URIRef, picture: dict[str, Any]) -> None:
        node = URIRef(picture["licence_url"])
        zh, en = picture["licence_names"]
        self.g.add((dataset_ref, DCT.license, node))
        self.g.add((node, RDF.type, DCT.LicenseDocument))
        self.g.add((node, DCT.title, Literal(zh, lang="zh")))
        self.g.add((node, DCT.title, Literal(en, lang="en")))
        self.g.add((dataset_ref, GOV.licence, Literal(picture["licence_id"])))

    def graph_from_catalog(self, catalog_dict: dict[str, Any] | None, catalog_ref: URIRef) -> None:
        """Name the publisher of the catalogue, which DCAT-AP requires."""
        picture = (catalog_dict or {}).get(PICTURE)
        if picture is None:
            return
        publisher = URIRef(picture["url"] + "/about")
        self.g.add((catalog_ref, DCT.publisher, publisher))
        self.g.add((publisher, RDF.type, FOAF.Agent))
        self.g.add((publisher, FOAF.name, Literal(picture["sponsor"])))
        self.g.add((catalog_ref, DCAT.themeTaxonomy, URIRef(f"{vocabularies.AUTHORITY}/data-theme")))

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> dict[str, Any]:
        """Put what the graph says of the elements into the dictionary, as the portal's schema wants it.

        A graph without our elements leaves the dictionary as the profiles before have made it.
        """
        name = self._object_value(dataset_ref, GOV.shortName)
        if not name:
            return dataset_dict
        dataset_dict["name"] = name
        for element, is_list in _LIST_OR_ONE.items():
            values = sorted(str(value) for value in self.g.objects(dataset_ref, term(element)))
            # What another profile has read into a field of this name is an address and no code of ours.
            dataset_dict.pop(element, None)
            if values:
                dataset_dict[element] = values if is_list else values[0]
        items = self._items(dataset_ref)
        if items:
            dataset_dict["information_items"] = items
        licence = self._object_value(dataset_ref, GOV.licence)
        if licence:
            dataset_dict["license_id"] = licence
        department = self._object_value(dataset_ref, GOV.department)
        if department:
            dataset_dict["extras"].append({"key": "source_department", "value": department})
        return dataset_dict

    def _items(self, dataset_ref: URIRef) -> list[dict[str, str]]:
        nodes = sorted(
            self.g.objects(dataset_ref, GOV.informationItem),
            key=lambda node: int(self._object_value(node, GOV.position) or 0),
        )
        return [
            {part: value for part in ITEM_PARTS if (value := self._object_value(node, GOV[part]))}
            for node in nodes
        ]


def addresses(value: Any) -> list[str]:
    """A list that ckanext-dcat keeps as JSON text, or one address."""
    if isinstance(value, list):
        return [str(each) for each in value]
    try:
        parsed = json.loads(value or "[]")
    except ValueError:
        return [str(value)]
    return [str(each) for each in parsed] if isinstance(parsed, list) else [str(parsed)]
