"""Template helpers of the portal; every public function here is one, as ``h.<name>``."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.common import current_user
from ckan.plugins import toolkit as tk
from markupsafe import Markup

from ckanext.govdata.catalogue import codes, fields, search
from ckanext.govdata.catalogue.changes import difference
from ckanext.govdata.interchange import origin
from ckanext.govdata.interchange import page as machine_forms
from ckanext.govdata.licensing_pages import inbox
from ckanext.govdata.model import Release
from ckanext.govdata.notices import rounds as notices
from ckanext.govdata.portal import (
    citation,
    contact,
    current,
    departments,
    errors,
    examples,
    facets,
    highlight,
    licences,
    points,
    preview,
    rating,
    releases,
    site,
    sums,
    webjars,
)
from ckanext.govdata.quality.part import Quality
from ckanext.govdata.release import roles
from ckanext.govdata.tables import chart as charts
from ckanext.govdata.tables import question

_LANGUAGES = {"zh_Hans_CN": "简体", "zh_Hant_TW": "繁體", "en": "English"}
_OPEN_BADGE = {"unconditional": "open", "conditional": "conditional", "none": "closed"}
_UNITS = ("B", "KB", "MB", "GB", "TB")
_STEP = 1024
_FORMAT_NAMES = {"schema": "Table Schema", "parquet": "Parquet"}


def govdata_site() -> site.Site:
    """The lines of the footer and the meta tags."""
    return site.current()


def govdata_language_name(locale: str) -> str:
    """What a language calls itself, as the switch shows it."""
    return _LANGUAGES.get(locale, locale)


def govdata_work() -> dict[str, Any] | None:
    """What the navigation offers an officer, ``{reviews, waiting, platform, administers, cases}``; else None.

    ``waiting`` counts the releases that this person's departments have submitted for review, ``cases`` what
    waits in the inbox of licensing.
    """
    if current_user.is_anonymous or not roles.is_officer(current_user.name):
        return None
    reviewer = frozenset({"reviewer"})
    reviewing = roles.organizations_of(current_user.name, reviewer) | roles.lent_organizations(
        current_user.name, reviewer
    )
    waiting = 0
    if reviewing:
        waiting = model.Session.execute(
            sa.select(sa.func.count(Release.id)).where(
                Release.status == "submitted", Release.organization_id.in_(reviewing)
            )
        ).scalar_one()
    held = roles.roles_of(current_user.name, None)
    return {
        "reviews": bool(reviewing),
        "waiting": waiting,
        "platform": bool(held),
        "administers": "administrator" in held,
        "cases": inbox.count(),
    }


def govdata_unread_notices() -> int:
    """How many notices the visitor has not read; 0 for a visitor without an account."""
    return 0 if current_user.is_anonymous else notices.unread(current_user.id)


def govdata_code_choices(field: dict[str, Any]) -> list[dict[str, Any]]:
    """Choices of a scheming field from the code list that its ``code_list`` names."""
    return codes.choices(field["code_list"])


def govdata_elements(document: dict[str, Any]) -> list[tuple[str, str]]:
    """(name, value) of the elements of a canonical entry that are not empty, in the reader's language."""
    language = str(tk.h.lang())
    return [
        (e.label(language), difference.shown_value(e, document[e.field], language[:2]))
        for e in fields.ELEMENTS
        if document.get(e.field)
    ]


def govdata_code_label(list_name: str, value: str | None) -> str:
    """The name of a code in the reader's language; the code itself when the list does not have it."""
    for entry in codes.code_list(list_name):
        if entry.value == value:
            return entry.label(tk.h.lang())
    return value or ""


def govdata_open_badge(value: str | None) -> str:
    """The kind of badge of an open type: ``open``, ``conditional`` or ``closed``."""
    return _OPEN_BADGE.get(value or "", "closed")


def govdata_size(size: int | str | None) -> str:
    """A file size with its unit, of 1024: ``12.4 MB``; empty when it is not known."""
    if size in (None, ""):
        return ""
    number = float(size)
    for unit in _UNITS:
        if number < _STEP or unit == _UNITS[-1]:
            return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"
        number /= _STEP
    raise AssertionError("the last unit always returns")


def govdata_number(number: int | None) -> str:
    """A number with thousands separators: 1,234,567."""
    return "" if number is None else f"{number:,}"


def govdata_day(moment: str | datetime | date | None) -> str:
    """The day of a moment as ``2026-03-14``, in the time zone that the site shows; empty when unknown."""
    if not moment:
        return ""
    if isinstance(moment, datetime):
        local = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return local.astimezone(tk.h.get_display_timezone()).date().isoformat()
    if isinstance(moment, date):
        return moment.isoformat()
    if "T" not in moment:
        return moment[:10]
    return govdata_day(datetime.fromisoformat(moment.replace("Z", "+00:00")))


def govdata_freshness(dataset: dict[str, Any], published: datetime | None) -> dict[str, Any] | None:
    """Whether an entry is within its update cycle: ``{overdue, days}``.

    Counted from the day on which the current release became public. None where the cycle has no days, and
    where nothing is published: a corrected word in the entry is no update of its data.
    """
    cycle = next((c for c in codes.code_list("update_cycle") if c.value == dataset.get("update_cycle")), None)
    if cycle is None or cycle.days is None or published is None:
        return None
    days = current.age(published, datetime.now(timezone.utc).date())
    return {"overdue": days > cycle.days, "days": days}


def govdata_currents(datasets: list[dict[str, Any]]) -> dict[str, current.Current]:
    """Entry id → rows and day of its current release, for a page of entries at once."""
    return current.of_entries(datasets)


def govdata_licence(dataset: dict[str, Any]) -> str:
    """The licence of an entry in the reader's language."""
    return licences.title(dataset)


def govdata_catalogue_order() -> str:
    """The order of the catalogue without a query: entries with data first, then the latest."""
    return search.DATA_FIRST


def govdata_quality_order() -> str:
    """The order by quality on the day of publication; entries without data come last."""
    return search.BEST_QUALITY


def govdata_reading(query: str) -> str:
    """How the words of this page's search were understood: ``plain``, ``pinyin``, ``sound``, ``parts`` …"""
    return search.reading_of(query)


def govdata_qualities(datasets: list[dict[str, Any]]) -> dict[str, Quality]:
    """Entry id → quality today, for a page of entries at once."""
    return points.of_entries(datasets)


def govdata_mark(text: str, query: str) -> Markup:
    """``text`` with what answers ``query`` marked."""
    return highlight.marked(text, query)


def govdata_excerpt(text: str, query: str, length: int = 140) -> str:
    """A one-paragraph summary around the first hit, without Markdown."""
    return highlight.excerpt(str(tk.h.markdown_extract(text or "", extract_length=2000)), query, length)


def govdata_why(dataset: dict[str, Any], query: str) -> dict[str, list[str]]:
    """Where ``query`` was met besides title and summary: ``{columns, keywords}``, marked later."""
    items = dataset.get("information_items") or []
    names = [item.get("label") or item.get("name", "") for item in items if isinstance(item, dict)]
    tags = [tag.get("display_name") or tag["name"] for tag in dataset.get("tags") or []]
    return {
        "columns": highlight.matching(names, query),
        "keywords": highlight.matching(tags, query, limit=4),
    }


def govdata_facet_label(facet: str, item: dict[str, Any]) -> str:
    """What a value of a facet is called in the reader's language."""
    return facets.value_label(facet, item, tk.h.lang())


def govdata_facet_open(facet: str) -> bool:
    """Whether a facet is unfolded at first."""
    return facet in facets.OPEN_AT_FIRST


def govdata_facet_shown() -> int:
    """How many values of a facet are shown before "more"."""
    return facets.SHOWN


def govdata_releases(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """The public history of an entry, newest first."""
    return releases.of_dataset(dataset)


def govdata_preview(dataset: dict[str, Any]) -> preview.Preview | None:
    """The first page of the published table, or None."""
    return preview.first_page(dataset, current_user.name)


def govdata_preview_page() -> int:
    """Rows of one page of the preview."""
    return question.PAGE


def govdata_rating(dataset: dict[str, Any], release: dict[str, Any] | None) -> rating.Rating | None:
    """The quality of the current release with its parts; None until it is measured."""
    return rating.of_release(dataset, release)


def govdata_chart(chart: charts.Chart) -> dict[str, Any]:
    """A suggested chart as the page's controls hold it."""
    return charts.plain(chart)


def govdata_map() -> dict[str, str]:
    """The official map service, where one is configured: ``{tiles, attribution, review}``."""
    return site.base_map()


def govdata_department_sums(organization_id: str) -> sums.Sums:
    """What a department has published, summed up."""
    return sums.published("organization", organization_id).get(organization_id, sums.Sums())


def govdata_short(number: float | None) -> str:
    """A figure of a column as people read it: at most four digits after the point."""
    return "" if number is None else f"{number:,.4f}".rstrip("0").rstrip(".")


def govdata_citation(dataset: dict[str, Any]) -> str:
    """The entry as GB/T 7714 cites it, today."""
    address = tk.h.url_for("dataset.read", id=dataset["name"], qualified=True, locale="default")
    today = datetime.now(tk.h.get_display_timezone()).date()
    return citation.gbt7714(dataset, address, today)


def govdata_machine(dataset: dict[str, Any]) -> machine_forms.Machine | None:
    """The machine-readable forms of an entry, for its page; None for what is not public."""
    return machine_forms.of(dataset)


def govdata_api_examples(resource_id: str, table: preview.Preview) -> list[examples.Example]:
    """Calls of the data API for this table, with a filter that finds its first row."""
    api = tk.h.url_for("home.index", qualified=True, locale="default").rstrip("/") + "/api/3/action"
    first = table.rows[0] if table.rows else []
    filled = [(column.id, cell) for column, cell in zip(table.columns, first, strict=False) if cell]
    column, value = filled[0] if filled else (table.columns[0].id, "")
    return examples.examples(api, resource_id, column, value)


def govdata_contact(dataset: dict[str, Any]) -> contact.Contact | None:
    """Who answers for an entry."""
    return contact.of(dataset)


def govdata_departments() -> list[departments.Department]:
    """The departments as a tree, with their counts of entries."""
    return departments.tree()


def govdata_related(dataset: dict[str, Any], limit: int = 5) -> list[dict[str, Any]]:
    """Other public entries of the same department and theme, newest first."""
    organization = dataset.get("organization") or {}
    if not organization:
        return []
    found = tk.get_action("package_search")(
        {"user": ""},
        {
            "q": "*:*",
            "fq": f'organization:"{organization["name"]}" -id:"{dataset["id"]}"',
            "sort": "metadata_modified desc",
            "rows": limit,
            "facet": False,
        },
    )
    return list(found["results"])


def govdata_origin(pkg: dict[str, Any]) -> origin.Source | None:
    """The platform that an entry was harvested from; None for an entry of ours."""
    return origin.of(pkg)


def govdata_initial(title: str) -> str:
    """One character that stands for a department: 公 for 云州市公安局, P for Public Security Bureau."""
    for part in ("自治区", "自治州", "省", "市", "县", "区"):
        head, found, rest = title.partition(part)
        if found and rest and len(head) <= 4:
            title = rest
    return title[:1]


def govdata_format_name(name: str) -> str:
    """What a published format is called."""
    return _FORMAT_NAMES.get(name.lower(), name.upper())


def govdata_format_use(name: str) -> str:
    """What a published format is good for, in three words."""
    uses = {
        "csv": tk._("for every program"),
        "xlsx": tk._("for spreadsheets"),
        "json": tk._("for web pages"),
        "xml": tk._("for exchange"),
        "parquet": tk._("for analysis"),
        "schema": tk._("columns and types"),
    }
    return uses.get(name.lower(), "")


def govdata_webjar(package: str, path: str) -> str:
    """The address of a front-end library that the stack has unpacked; empty when it is not there."""
    return webjars.address(package, path)


def govdata_error_words(number: int) -> dict[str, str]:
    """Title and advice of an error page, in plain words."""
    return errors.words(number)


def govdata_error_detail(number: int, content: Any) -> str:
    """What the view itself said, unless it only repeats the standard sentence of HTTP."""
    return errors.detail(number, content)


def govdata_has_labels(items: list[dict[str, Any]]) -> bool:
    """Whether any information item is called otherwise than its field."""
    return any(item.get("label") and item["label"] != item.get("name") for item in items)
