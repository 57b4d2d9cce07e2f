"""A sandbox key is had at once, opens synthetic rows of one entry, and nothing else."""

from __future__ import annotations

import re
from contextlib import closing

from tests.ckan.licensing.test_in_the_portal import shared_entry
from tests.stack import Stack, csrf_token


def test_a_key_is_had_at_once_and_its_rows_have_the_dictionarys_columns(stack: Stack) -> None:
    entry = shared_entry(stack)
    page = f"/licensing/sandbox/{entry['name']}"
    with closing(stack.browser("developer")) as browser:
        shown = browser.get(page).text
        assert "sb_" not in shown
        made = browser.post(page, data={"_csrf_token": csrf_token(shown)}, headers={"Referer": page}).text
    (key,) = re.findall(r'class="gl-secret">(sb_[^<]+)<', made)
    address = f"/api/data/v1/sandbox/{entry['name']}/records"
    bearer = {"Authorization": f"Bearer {key}"}
    with closing(stack.client()) as client:
        answer = client.get(address, headers=bearer, params={"limit": 5})
        told = answer.json()
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert client.get(address).status_code == 401
        assert client.get(address, headers={"Authorization": f"Bearer {key[:-1]}"}).status_code == 401
        assert client.get(address, headers=bearer, params={"field": "没有这一列"}).status_code == 422
        assert client.get(address, headers=bearer, params={"limit": "1e9"}).status_code == 422
        other = client.get("/api/data/v1/sandbox/parking-lots/records", headers=bearer)
        assert other.status_code == 401
        rest = client.get(address, headers=bearer, params={"limit": 5, "offset": told["next"]}).json()
        real = client.get(f"/api/data/v1/{entry['name']}/records", headers=bearer)
    assert told["synthetic"] is True
    assert told["fields"] == [item["name"] for item in entry["information_items"]]
    assert len(told["records"]) == 5
    assert rest["records"][0] != told["records"][0]
    assert real.status_code in (401, 403, 404)
