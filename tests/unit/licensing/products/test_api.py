"""Products over HTTP: registered with their sources, refused when a day is false, shown to everybody."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.ledger.models import LedgerEntry
from tests.factories.filed_world import CALLER, Filed
from tests.factories.granted_http import act, ask, done, granted, hand_out, token
from tests.factories.licensing_http import HttpWorld

pytestmark = pytest.mark.slow

FILE = "ab" * 32
OFFER = {"pricing": "subscription", "licence": "示范使用许可", "price_fen": 990050, "period": "year"}


def register(http: HttpWorld, made: Filed, who: str = "u-partner", status: int = 201, **changes: Any) -> Any:
    body = {
        "agreement_id": made.agreement_id, "name": "停车诱导服务", "description": "告诉司机哪里有空位。",
        "kind": "application", "sources": [{"dataset_id": "records", "acquired": "2026-03-03"}], **changes,
    }  # fmt: skip
    return done(http.call("POST", "/products", who, body), status)


def downloaded(http: HttpWorld, made: Filed) -> None:
    body = {
        "holder": "p-river", "dataset_id": "records", "release": 1, "sha256": FILE, "size": 10,
        "agreement_id": made.agreement_id,
    }  # fmt: skip
    done(http.call("POST", "/usage/downloads", CALLER, body))


def published(http: HttpWorld, made: Filed, **changes: Any) -> str:
    downloaded(http, made)
    product: str = register(http, made, **changes)["id"]
    act(http, f"/products/{product}/submit", "u-partner")
    act(http, f"/products/{product}/publish", "u-administrator")
    return product


@pytest.mark.article("SX-17")
@pytest.mark.article("SX-18")
@pytest.mark.article("HB-24")
def test_the_whole_way_from_a_filed_agreement_to_a_product_and_to_the_end_of_access(
    http: HttpWorld, made: Filed
) -> None:
    case = done(http.call("GET", f"/cases/{made.case_id}", "u-partner"))
    agreement = done(http.call("GET", f"/agreements/{made.agreement_id}", "u-partner"))
    filing = done(http.call("GET", f"/filings/{made.filing_id}", "u-provider"))
    assert (case["status"], agreement["status"], filing["status"]) == ("preparing", "in_force", "accepted")
    assert filing["number"]
    grant = granted(http, made, quota={"calls_per_day": 2})
    secret = token(http, grant)["secret"]
    for _ in range(2):
        hand_out(http, ask(http, made, secret))
    assert ask(http, made, secret)["reason"] == "quota"
    http.bring_in()
    (alarm,) = done(http.call("GET", "/usage/alarms?view=received", "u-provider"))["items"]
    assert alarm["kind"] == "over_quota"
    false = [{"dataset_id": "records", "acquired": "2026-03-02"}]
    product = register(http, made, sources=false)["id"]
    here = f"/products/{product}"
    refused = act(http, f"{here}/submit", "u-partner", status=422)
    assert (refused["code"], refused["pointer"]) == ("sources_refused", "/sources/0/acquired")
    content = {"name": "停车诱导服务", "description": "有空位的地方", "kind": "application"}
    true = [{"dataset_id": "records", "acquired": "2026-03-03"}]
    act(http, f"{here}/save", "u-partner", {**content, "sources": true})
    submitted = act(http, f"{here}/submit", "u-partner")
    assert submitted["sources"][0]["evidence"].startswith("call:")
    act(http, f"{here}/publish", "u-platform")
    assert done(http.call("GET", f"/public{here}"))["listed"]
    http.time.forward(days=1)
    assert ask(http, made, secret)["allowed"]
    act(http, f"/grants/{grant}/revoke", "u-provider", {"reason": "违约"})
    assert ask(http, made, secret)["reason"] == "not_active"
    http.chain_pending()
    with Session(http.engine) as session:
        kinds = set(session.scalars(select(LedgerEntry.kind)))
    assert {
        "grant.create",
        "grant.issue_token",
        "grant.revoke",
        "usage_alarm.create",
        "product.list",
    } <= kinds


@pytest.mark.article("SX-18")
def test_every_source_that_does_not_stand_is_pointed_at(http: HttpWorld, made: Filed) -> None:
    downloaded(http, made)
    days = [("records", "2026-03-03"), ("records", "2026-03-01"), ("parking", "2026-03-03")]
    sources = [{"dataset_id": name, "acquired": day} for name, day in days]
    product = register(http, made, sources=sources)["id"]
    refused = act(http, f"/products/{product}/submit", "u-partner", status=422)
    assert [each["pointer"] for each in refused["errors"]] == ["/sources/1/acquired", "/sources/2/dataset_id"]
    assert done(http.call("GET", f"/products/{product}", "u-partner"))["status"] == "draft"
    empty = register(http, made, sources=[])["id"]
    assert act(http, f"/products/{empty}/submit", "u-partner", status=422)["pointer"] == "/sources"
    register(http, made, sources=[{"dataset_id": "nothing", "acquired": "2026-03-03"}], status=422)


def test_who_has_nothing_to_do_with_a_product_learns_nothing_of_it(http: HttpWorld, made: Filed) -> None:
    register(http, made, "u-other-partner", 404)
    register(http, made, "u-provider", 403)
    product = register(http, made)["id"]
    for who in ("u-other-partner", "u-other-provider", CALLER):
        assert http.call("GET", f"/products/{product}", who).status_code == 404
    for what in ("", "/page", "/citation.json", "/schema.jsonld"):
        draft, none = (
            http.call("GET", f"/public/products/{each}{what}") for each in (product, "no-such-product")
        )
        assert (draft.status_code, none.status_code) == (404, 404)
        assert draft.get_json()["detail"] == none.get_json()["detail"]
    draft, none = (
        http.call("GET", f"/public/products/{each}/badge.svg") for each in (product, "no-such-product")
    )
    assert (draft.data, draft.headers["ETag"]) == (none.data, none.headers["ETag"])
    assert done(http.call("GET", "/public/products"))["items"] == []


@pytest.mark.article("SX-18")
def test_the_public_sees_source_and_day_for_people_and_machines(http: HttpWorld, made: Filed) -> None:
    product = published(http, made, offer={"pricing": "free", "licence": "CC BY 4.0"})
    here = f"/public/products/{product}"
    (entry,) = done(http.call("GET", "/public/products"))["items"]
    assert entry == done(http.call("GET", here))
    assert entry["maker"]["zh"] == "河畔数据有限公司"
    sentence = "本产品使用了以下政务数据：《停车泊位记录》（晋安市交通运输局，2026年3月3日获取）。"
    assert entry["attribution"]["zh"] == sentence
    assert "acquired 2026-03-03" in entry["attribution"]["en"]
    citation = http.call("GET", f"{here}/citation.json")
    assert citation.mimetype == "application/vnd.citationstyles.csl+json"
    (item,) = json.loads(citation.data)
    assert (item["type"], item["accessed"]["date-parts"]) == ("dataset", [[2026, 3, 3]])
    structured = json.loads(http.call("GET", f"{here}/schema.jsonld").data)
    assert structured["creditText"] == sentence
    shown = http.call("GET", here).get_data(as_text=True) + json.dumps(structured, ensure_ascii=False)
    assert not {"u-partner", "p-river", made.agreement_id} & set(shown.split('"'))


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_a_product_runs_nothing_that_its_maker_wrote(
    http: HttpWorld, made: Filed, lang: str
) -> None:
    evil = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    product = published(http, made, name=evil[:150], description=evil, offer={**OFFER, "licence": evil[:100]})
    answer = http.call("GET", f"/public/products/{product}/page?lang={lang}")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = _Elements()
    page.feed(answer.get_data(as_text=True))
    assert [attributes for tag, attributes in page.found if tag == "script"] == [
        {"type": "application/ld+json"}
    ]
    (picture,) = [attributes for tag, attributes in page.found if tag == "img"]
    assert (picture["src"] or "").endswith(f"/public/products/{product}/badge.svg?lang={lang}")
    assert not any(name.startswith("on") for _, attributes in page.found for name in attributes)
    assert "9900.50" in answer.get_data(as_text=True)


def test_a_badge_is_a_picture_that_is_fetched_anew_only_when_it_has_changed(
    http: HttpWorld, made: Filed
) -> None:
    product = published(http, made)
    where = f"/public/products/{product}/badge.svg"
    first = http.call("GET", where)
    assert (first.mimetype, first.headers["X-Content-Type-Options"]) == ("image/svg+xml", "nosniff")
    elements = {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(first.data).iter()}  # noqa: S314
    assert elements == {"svg", "title", "rect", "g", "text"}
    again = http.call("GET", where, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "sources verified" in http.call("GET", f"{where}?lang=en").get_data(as_text=True)
    act(http, f"/products/{product}/suspend", "u-provider", {"reason": "核查"})
    grey = http.call("GET", where, headers={"If-None-Match": first.headers["ETag"]})
    assert grey.status_code == 200
    assert "未在登记名录" in grey.get_data(as_text=True)
    assert http.call("GET", f"/public/products/{product}").status_code == 404


@pytest.mark.article("SX-19")
def test_terms_of_trade_change_on_record_and_a_product_leaves_the_list(http: HttpWorld, made: Filed) -> None:
    product = published(http, made)
    here = f"/products/{product}"
    act(http, f"{here}/offer", "u-partner", {"offer": {**OFFER, "price_fen": None}}, status=422)
    act(http, f"{here}/offer", "u-provider", {"offer": OFFER}, status=403)
    assert act(http, f"{here}/offer", "u-partner", {"offer": OFFER})["offer"]["price_fen"] == 990050
    assert done(http.call("GET", f"/public{here}"))["offer"]["pricing"] == "subscription"
    assert act(http, f"{here}/offer", "u-partner", {"offer": None})["offer"] is None
    act(http, f"{here}/suspend", "u-platform", {"reason": "核查"})
    act(http, f"{here}/resume", "u-platform", {"reason": "核查完毕"})
    assert act(http, f"{here}/delist", "u-partner", {"reason": "停止运营"})["status"] == "delisted"
    assert done(http.call("GET", "/public/products"))["items"] == []


def test_a_returned_product_is_corrected_and_lists_are_those_of_the_caller(
    http: HttpWorld, made: Filed
) -> None:
    downloaded(http, made)
    ids = [register(http, made)["id"] for _ in range(3)]
    act(http, f"/products/{ids[0]}/submit", "u-partner")
    returned = act(http, f"/products/{ids[0]}/return", "u-platform", {"reason": "说明过于简单"})
    assert returned["status"] == "draft"
    for who, view in (("u-partner", "own"), ("u-provider", "received"), ("u-supervisor", "all")):
        page = done(http.call("GET", f"/products?view={view}&limit=2", who))
        rest = done(http.call("GET", f"/products?view={view}&limit=2&cursor={page['next']}", who))
        assert [each["id"] for each in (*page["items"], *rest["items"])] == ids[::-1]
    assert done(http.call("GET", "/products", "u-other-partner"))["items"] == []
    assert http.call("GET", "/products?view=all", "u-partner").status_code == 403


def test_the_public_list_goes_on_page_by_page(http: HttpWorld, made: Filed) -> None:
    ids = [published(http, made) for _ in range(3)]
    page = done(http.call("GET", "/public/products?limit=2"))
    rest = done(http.call("GET", f"/public/products?limit=2&cursor={page['next']}"))
    assert [each["id"] for each in (*page["items"], *rest["items"])] == ids[::-1]
    assert rest["next"] is None
