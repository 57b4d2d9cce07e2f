"""What every action does with its call: who calls, what was sent, how an answer is read."""

from __future__ import annotations

from typing import Any, cast

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict, Schema

Document = dict[str, Any]


def caller(context: Context) -> model.User:
    """The account that calls. Raises NotAuthorized without one."""
    user = maybe(context)
    if user is None:
        raise tk.NotAuthorized("请先登录。 Please log in.")
    return user


def maybe(context: Context) -> model.User | None:
    """The account that calls, or None for an anonymous reader."""
    name = context.get("user")
    found = model.User.get(name) if name else None
    return found if found is not None and found.is_active else None


def validated(data_dict: DataDict, wanted: Schema, context: Context) -> Document:
    """The call by its schema. Raises ValidationError."""
    data, errors = tk.navl_validate(data_dict, wanted, cast(Context, {**context, "session": model.Session}))
    if errors:
        raise tk.ValidationError(errors)
    data.pop("__extras", None)
    return cast(Document, data)


def address() -> str:
    """Where a request comes from, for counting; empty outside of one."""
    try:
        return str(tk.request.remote_addr or "")
    except RuntimeError:
        return ""
