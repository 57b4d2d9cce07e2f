"""A dataset of another platform as an entry of ours: what must be there is concluded, nothing is opened.

Pure: a dictionary as ckanext-dcat's parser leaves it, changed in place.
"""

from __future__ import annotations

from typing import Any

from ckanext.govdata.interchange import vocabularies
from ckanext.govdata.interchange.profile import addresses

_OWN_LICENCES = frozenset({"govdata-open", "conditional", "not-open"})
_CITED = "《中华人民共和国数据安全法》第四十二条；来源平台标明不公开。"
_ASKED = "来源平台标明为有限制公开，请向来源平台申请。"


def adopt(dataset: dict[str, Any]) -> None:
    """Give ``dataset`` every element that an entry must have.

    An entry in our own vocabulary keeps its elements. Else: the theme from its themes, the update cycle from
    its frequency, the open type from its access rights (conditional when they say nothing known), sharing on
    condition; the source stays on record in the extra fields.
    """
    extras = {extra["key"]: extra["value"] for extra in dataset.get("extras", [])}
    if not dataset.get("open_type"):
        dataset["open_type"] = vocabularies.open_type_of(str(extras.get("access_rights") or ""))
    if not dataset.get("open_condition") and dataset["open_type"] != "unconditional":
        dataset["open_condition"] = _CITED if dataset["open_type"] == "none" else _ASKED
    if dataset.get("theme") not in vocabularies.KNOWN_THEMES:
        dataset["theme"] = vocabularies.theme_of(addresses(dataset.get("theme") or extras.get("theme")))
    if not dataset.get("update_cycle"):
        dataset["update_cycle"] = vocabularies.cycle_of(str(extras.get("frequency") or ""))
    dataset["language"] = dataset["language"] if dataset.get("language") in ("zh", "en") else "zh"
    dataset.setdefault("catalogue_class", "3")
    dataset.setdefault("secrecy", "none")
    if not dataset.get("share_type"):
        dataset["share_type"], dataset["share_condition"] = "conditional", _ASKED
    dataset["notes"] = dataset.get("notes") or dataset.get("title") or ""
    if dataset.get("license_id") in _OWN_LICENCES:
        # Our words for "none stated": the receiving portal says the same thing by the open type.
        dataset["license_id"] = "notspecified"
