"""Attachments as pages show and send them: the files of a form, one after the other, to the interface.

A file is asked and kept by the interface alone; no page has a public or presigned address of one.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from ckan.plugins import toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.govdata.licensing_pages.interface import Interface, Refused
from ckanext.govdata.logic.errors import reader_language
from licensing.applications.papers import KINDS
from licensing.attachments import formats
from licensing.core.errors import InvalidInput

ACCEPT: Final = ",".join(f".{end}" for end in formats.FORMATS)
"""What the browser's own file chooser offers."""
FIELD: Final = "paper."
"""Before a kind, the name of its field."""


def of_case(api: Interface, case_id: str) -> list[dict[str, Any]]:
    """The attachments of an application that the visitor may read."""
    found: list[dict[str, Any]] = api.get(f"/cases/{case_id}/attachments").document
    return found


def of_filing(api: Interface, filing_id: str) -> dict[str, dict[str, Any]]:
    """Files of a filing that are kept, by their digests."""
    return {each["sha256"]: each for each in api.get(f"/filings/{filing_id}/attachments").document}


def shown() -> dict[str, Any]:
    """What the template of the fields needs."""
    return {"paper_kinds": KINDS, "paper_accept": ACCEPT, "paper_most": formats.MOST_BYTES // 1024**2}


def send(api: Interface, case_id: str) -> dict[str, str]:
    """Attach every file of the form; what was wrong, by field. What was right is kept."""
    faults: dict[str, str] = {}
    for kind in KINDS:
        for each in chosen(f"{FIELD}{kind}"):
            body = {"kind": kind, "name": name_of(each), "content": _encoded(each)}
            try:
                api.post(f"/cases/{case_id}/attachments", body)
            except Refused as refused:
                faults[f"{FIELD}{kind}"] = _said(name_of(each), refused.detail)
    return faults


def wrong(fields: Iterator[str]) -> dict[str, str]:
    """What the interface would not take among the files of these fields, before anything is begun."""
    faults: dict[str, str] = {}
    for field in fields:
        for each in chosen(field):
            try:
                formats.recognise(name_of(each), _content(each))
            except InvalidInput as refused:
                faults[field] = _said(name_of(each), refused.message(reader_language()))
    return faults


def keep(api: Interface, filing_id: str, fields: Iterator[str]) -> None:
    """Hand over the files that a filing names by their digests.

    Raises:
        Refused: the interface does not take one; what came before it is kept.
    """
    for field in fields:
        for each in chosen(field):
            api.post(f"/filings/{filing_id}/attachments", {"content": _encoded(each)})


def name_of(upload: FileStorage) -> str:
    """What the sender called it, without the folders that some browsers send."""
    return str(upload.filename).replace("\\", "/").rpartition("/")[2]


def chosen(field: str) -> list[FileStorage]:
    """The files of a field of the form, as many as may be sent."""
    return [each for each in tk.request.files.getlist(field) if each.filename][: formats.MOST_FILES]


def _content(upload: FileStorage) -> bytes:
    """The file, and a byte more than may be where it is too large."""
    upload.stream.seek(0)
    return upload.stream.read(formats.MOST_BYTES + 1)


def _encoded(upload: FileStorage) -> str:
    return base64.b64encode(_content(upload)).decode()


def _said(name: str, what: str) -> str:
    return str(tk._("{file}: {what}")).format(file=name, what=what)
