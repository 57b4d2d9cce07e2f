"""What each action accepts: names and shapes; meaning is decided by the services."""

from __future__ import annotations

from ckan.plugins import toolkit as tk
from ckan.types import Schema

_v = tk.get_validator


def _id() -> Schema:
    return {"id": [_v("not_empty"), _v("unicode_safe")]}


def release_id() -> Schema:
    return _id()


def release_create() -> Schema:
    return {
        "dataset_id": [_v("not_empty"), _v("unicode_safe")],
        "filename": [_v("ignore_missing"), _v("unicode_safe")],
        "size": [_v("ignore_missing"), _v("natural_number_validator")],
        "origin": [_v("ignore_missing"), _v("unicode_safe")],
        "consent": [_v("ignore_missing"), _v("unicode_safe")],
        "upload": [_v("ignore_missing")],
        "__junk": [_v("ignore")],
    }


def release_reason() -> Schema:
    return {**_id(), "reason": [_v("ignore_missing"), _v("unicode_safe")]}


def release_opinion() -> Schema:
    return {**_id(), "opinion": [_v("ignore_missing"), _v("unicode_safe")]}


def release_sign_off() -> Schema:
    return {
        **_id(),
        "conclusion": [_v("not_empty"), _v("unicode_safe")],
        "opinion": [_v("ignore_missing"), _v("unicode_safe")],
    }


def release_list() -> Schema:
    return {
        "dataset_id": [_v("ignore_missing"), _v("unicode_safe")],
        "state": [_v("ignore_missing"), _v("unicode_safe")],
        "queue": [_v("ignore_missing"), _v("boolean_validator")],
        "limit": [
            _v("default")(500),
            _v("natural_number_validator"),
            _v("limit_to_configured_maximum")("", 1000),
        ],
        "offset": [_v("default")(0), _v("natural_number_validator")],
    }


def officer_set() -> Schema:
    return {
        "user": [_v("not_empty"), _v("unicode_safe")],
        "organization": [_v("ignore_missing"), _v("unicode_safe")],
        "roles": [_v("ignore_missing")],
    }


def officer_list() -> Schema:
    return {
        "user": [_v("ignore_missing"), _v("unicode_safe")],
        "organization": [_v("ignore_missing"), _v("unicode_safe")],
    }


def subscription_create() -> Schema:
    return {
        "kind": [_v("not_empty"), _v("unicode_safe")],
        "target": [_v("not_empty"), _v("unicode_safe")],
        "scope": [_v("not_empty"), _v("unicode_safe")],
        "scope_id": [_v("ignore_missing"), _v("unicode_safe")],
        "language": [_v("ignore_missing"), _v("unicode_safe")],
    }


def texts(*names: str) -> Schema:
    """Fields that may be left out; each is a text."""
    return {name: [_v("ignore_missing"), _v("unicode_safe")] for name in names}


def needed(*names: str) -> Schema:
    """Fields that must be there; each is a text."""
    return {name: [_v("not_empty"), _v("unicode_safe")] for name in names}


def flags(*names: str) -> Schema:
    """Yes or no, no by default."""
    return {name: [_v("default")(False), _v("boolean_validator")] for name in names}


def demand_list() -> Schema:
    return {
        **texts("state", "organization", "q", "order"),
        **flags("mine", "queue"),
        "limit": [
            _v("default")(50),
            _v("natural_number_validator"),
            _v("limit_to_configured_maximum")("", 100),
        ],
        "offset": [_v("default")(0), _v("natural_number_validator")],
    }


def demand_vote() -> Schema:
    return {**_id(), "wanted": [_v("default")(True), _v("boolean_validator")]}


def error_report() -> Schema:
    return {
        "dataset_id": [_v("not_empty"), _v("unicode_safe")],
        "description": [_v("not_empty"), _v("unicode_safe")],
        "place": [_v("ignore_missing"), _v("unicode_safe")],
        "release": [_v("ignore_empty"), _v("natural_number_validator")],
    }


def reuse_create() -> Schema:
    texts = ("title", "summary", "kind", "maker")
    return {
        **{name: [_v("not_empty"), _v("unicode_safe")] for name in texts},
        "url": [_v("ignore_missing"), _v("unicode_safe")],
        "sources": [_v("ignore_missing")],
        "picture": [_v("ignore_missing")],
    }


def reuse_list() -> Schema:
    return {
        "dataset_id": [_v("ignore_missing"), _v("unicode_safe")],
        "status": [_v("ignore_missing"), _v("unicode_safe")],
        "own": [_v("ignore_missing"), _v("boolean_validator")],
        "limit": [
            _v("default")(50),
            _v("natural_number_validator"),
            _v("limit_to_configured_maximum")("", 200),
        ],
        "offset": [_v("default")(0), _v("natural_number_validator")],
    }


def reuse_step() -> Schema:
    return {
        **_id(),
        "step": [_v("not_empty"), _v("unicode_safe")],
        "reason": [_v("ignore_missing"), _v("unicode_safe")],
    }
