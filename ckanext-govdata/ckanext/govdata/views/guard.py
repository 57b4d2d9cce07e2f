"""What holds for every request of the portal, CKAN's own views included.

- NUL is in no name, no question and no form: 400, before a database driver stumbles over it.
- A change made with a session cookie needs the CSRF token. CKAN checks this too, but stops checking a view
  for everybody as soon as anybody has called it with an API token.
- Whoever keeps guessing a password waits (429).
- A streamed answer leaves no database transaction open behind it.
- No page is shown inside another site's frame, and no file is taken for something else than it says.
"""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.common import current_user
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify

from ckanext.govdata.cache import recording
from ckanext.govdata.portal import login_limit, use_count

guard = Blueprint("govdata_guard", __name__)

LOGIN = "user.login"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "frame-ancestors 'self'; base-uri 'self'; object-src 'none'; form-action 'self'"
    ),
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


@guard.before_app_request
def refuse_nul() -> Any:
    """400 for a NUL in the address, in the query, in a form or in a JSON body of the API."""
    request = tk.request
    if "\0" not in request.path and b"%00" not in request.query_string and not _nul_in_body():
        return None
    zh, en = "请求中含有空字符（NUL），请去掉后重试。", "The request holds a NUL character; take it out."
    if not request.path.startswith("/api/"):
        return tk.abort(400, zh if tk.h.lang().startswith("zh") else en)
    error = {"__type": "Bad Request", "code": "invalid_input", "message": {"zh": zh, "en": en}}
    answer = jsonify({"success": False, "error": error})
    answer.status_code = 400
    return answer


def _nul_in_body() -> bool:
    request = tk.request
    if request.method in _SAFE:
        return False
    if request.mimetype in _FORMS:
        return any("\0" in text for pair in request.form.items(multi=True) for text in pair)
    # Parts of an upload are bytes of any kind and are never read here.
    return request.is_json and b"\\u0000" in request.get_data(cache=True)


@guard.before_app_request
def require_csrf_token() -> None:
    """A session cookie alone changes nothing."""
    if tk.request.method in _SAFE or tk.g.get("login_via_auth_header"):
        return
    if current_user.is_authenticated:
        csrf.protect()


@guard.before_app_request
def slow_down_guessing() -> None:
    """Refuse further passwords for a name that too many wrong ones were given for."""
    if tk.request.method != "POST" or tk.request.endpoint != LOGIN:
        return
    if login_limit.is_exhausted(tk.request.form.get("login", ""), tk.request.remote_addr or ""):
        zh = "密码错误次数过多，请在 15 分钟后再试，或重置密码。"
        en = "Too many wrong passwords. Try again in 15 minutes, or reset the password."
        tk.abort(429, zh if tk.h.lang().startswith("zh") else en)


@guard.after_app_request
def count_guesses(response: Response) -> Response:
    """A login page that is answered instead of a redirect means a wrong password."""
    if tk.request.method == "POST" and tk.request.endpoint == LOGIN:
        name, address = tk.request.form.get("login", ""), tk.request.remote_addr or ""
        if response.status_code == 302:
            login_limit.forget(name, address)
        elif response.status_code == 200:
            login_limit.count(name, address)
    return response


@guard.after_app_request
def count_call(response: Response) -> Response:
    """Count the calls of the API by day; who called is not kept. The cache counts those that it answers."""
    if tk.request.endpoint == "api.action" and not recording.is_making():
        use_count.count_call()
    return response


@guard.after_app_request
def end_session_with_stream(response: Response) -> Response:
    """End the transaction of a streamed answer with its last byte.

    CKAN ends it before the first one; a dump of the DataStore then opens another, which stayed open until
    the thread's next request.
    """
    if response.is_streamed:
        response.call_on_close(model.Session.remove)
    return response


@guard.after_app_request
def protect_page(response: Response) -> Response:
    """Add what browsers need to keep the page to itself; a view's own headers stay."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
