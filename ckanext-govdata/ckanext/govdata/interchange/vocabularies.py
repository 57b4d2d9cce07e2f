"""Codes of the catalogue in the words of international vocabularies, both ways where a reader needs it.

Sources: the authority tables ``frequency``, ``access-right`` and ``data-theme`` of the Publications Office of
the European Union (DCAT-AP 3 asks for them), ISO 8601 repeating intervals (DCAT-US 1.1), IANA media types.
"""

from __future__ import annotations

AUTHORITY = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"

_FREQUENCY = {
    "realtime": ("UPDATE_CONT", "R/PT1S"),
    "daily": ("DAILY", "R/P1D"),
    "weekly": ("WEEKLY", "R/P1W"),
    "monthly": ("MONTHLY", "R/P1M"),
    "quarterly": ("QUARTERLY", "R/P3M"),
    "halfyearly": ("ANNUAL_2", "R/P6M"),
    "yearly": ("ANNUAL", "R/P1Y"),
    "irregular": ("IRREG", "irregular"),
}
_ACCESS = {"unconditional": "PUBLIC", "conditional": "RESTRICTED", "none": "NON_PUBLIC"}
_THEME = {
    "credit": "ECON",
    "health": "HEAL",
    "social": "SOCI",
    "safety": "JUST",
    "urban": "REGI",
    "transport": "TRAN",
    "education": "EDUC",
    "science": "TECH",
    "resources": "ENER",
    "environment": "ENVI",
    "industry": "AGRI",
    "commerce": "ECON",
    "finance": "ECON",
    "market": "ECON",
    "livelihood": "SOCI",
    "geography": "REGI",
    "government": "GOVE",
    "law": "JUST",
    "leisure": "SOCI",
    "weather": "ENVI",
}
KNOWN_THEMES = frozenset(_THEME)
_OWN_THEME = "urn:govdata:theme:"
LANGUAGES = {"zh": f"{AUTHORITY}/language/ZHO", "en": f"{AUTHORITY}/language/ENG"}
#: Data types of information items → data types of Table Schema.
ITEM_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "datetime": "datetime",
    "boolean": "boolean",
}


def frequency(cycle: str) -> str:
    """The address of an update cycle; empty for a code that no table has."""
    return f"{AUTHORITY}/frequency/{_FREQUENCY[cycle][0]}" if cycle in _FREQUENCY else ""


def cycle_of(address: str) -> str:
    """The update cycle behind an address, or a cycle's own code; ``irregular`` when it says nothing known."""
    word = address.rstrip("/").rpartition("/")[2].upper()
    for cycle, (name, _) in _FREQUENCY.items():
        if word in (name, cycle.upper()):
            return cycle
    return "irregular"


def interval(cycle: str) -> str:
    """An update cycle as ISO 8601 writes it, as DCAT-US wants it; empty for an unknown code."""
    return _FREQUENCY[cycle][1] if cycle in _FREQUENCY else ""


def access_right(open_type: str) -> str:
    """The address of an open type; closed where it is unknown."""
    return f"{AUTHORITY}/access-right/{_ACCESS.get(open_type, 'NON_PUBLIC')}"


def open_type_of(address: str) -> str:
    """The open type behind an address; ``conditional`` when it says nothing known, never open by default."""
    word = address.rstrip("/").rpartition("/")[2].upper()
    return next((code for code, name in _ACCESS.items() if name == word), "conditional")


def themes(theme: str) -> list[str]:
    """Addresses of a theme: the portal's own concept and the European one it belongs to."""
    own = [_OWN_THEME + theme] if theme else []
    return own + ([f"{AUTHORITY}/data-theme/{_THEME[theme]}"] if theme in _THEME else [])


def theme_of(addresses: list[str]) -> str:
    """The theme behind addresses, the portal's own concept first; ``government`` when none is known."""
    for address in addresses:
        if address.startswith(_OWN_THEME) and address.removeprefix(_OWN_THEME) in _THEME:
            return address.removeprefix(_OWN_THEME)
    words = [address.rstrip("/").rpartition("/")[2].upper() for address in addresses]
    return next((code for word in words for code, name in _THEME.items() if name == word), "government")


def media_type(name: str) -> str:
    """The address of a media type."""
    return f"{IANA}/{name}"
