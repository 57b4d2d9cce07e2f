"""What a department says of a filing itself, read from its form: plan, consents, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.govdata.licensing_pages import papers, recognise


def consents(agreement: dict[str, Any]) -> list[dict[str, Any]]:
    """Datasets that were shared in: the original provider's consent goes with the filing (JS-17)."""
    return [each for each in agreement["terms"]["data"] if each["original_provider"]]


def content(agreement: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Plan, consents and attachments of the form; what the submission ``before`` names stays unless it is
    dropped. The agreement's own file the interface adds by itself."""
    dropped = set(tk.request.form.getlist("drop"))
    attachments = [
        each
        for each in before.get("attachments", ())
        if each["kind"] != "agreement" and each["sha256"] not in dropped
    ]
    given = [each for each in before.get("consents", ()) if each["sha256"] not in dropped]
    for field in fields(agreement):
        kind, _, which = field.partition(".")
        for upload in papers.chosen(field):
            one = _attachment(upload, "consent" if kind == "consent" else which)
            if any(each["sha256"] == one["sha256"] for each in attachments):
                continue
            attachments.append(one)
            if kind == "consent":
                provider = next(
                    each["original_provider"] for each in consents(agreement) if each["dataset"] == which
                )
                given = [each for each in given if each["dataset"] != which]
                given.append({"dataset": which, "department": provider, "sha256": one["sha256"]})
    return {
        "plan": tk.request.form.get("plan", "").strip(), "consents": given, "attachments": attachments,
    }  # fmt: skip


def fields(agreement: dict[str, Any]) -> list[str]:
    """The names of the form's fields of files."""
    return [
        *(f"consent.{each['dataset']}" for each in consents(agreement)),
        *(f"file.{kind}" for kind in ("plan", "decision", "security", "other")),
    ]


def _attachment(upload: Any, kind: str) -> dict[str, Any]:
    upload.stream.seek(0)
    digest = recognise.digest_of(upload.stream)
    return {"kind": kind, "name": papers.name_of(upload), "sha256": digest, "size": upload.stream.tell()}
