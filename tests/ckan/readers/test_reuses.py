"""What people made of open data: looked at before it is shown, with sources, pictures that tell nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.ckan.release.conftest import Site
from tests.stack import Stack

TOLD = {
    "title": "停车易",
    "summary": "在地图上显示空闲车位，供市民查询。",
    "kind": "app",
    "maker": "云州某软件公司",
    "url": "https://parking.example.org/",
    "sources": [{"dataset": "parking-lots", "obtained_on": "2026-03-14"}],
}


def listed(stack: Stack, **asked: Any) -> list[dict[str, Any]]:
    return list(stack.action(None, "govdata_reuse_list", **asked))


def page(stack: Stack, path: str) -> str:
    with stack.client() as reader:
        return reader.get(path).raise_for_status().text


@pytest.mark.article("SX-18")
def test_a_reuse_is_shown_once_the_administrator_has_looked_at_it(stack: Stack) -> None:
    made = stack.action("compiler", "govdata_reuse_create", **TOLD)
    assert made["status"] == "pending"
    assert made["id"] not in [each["id"] for each in listed(stack)]
    assert "停车易" not in page(stack, "/reuse")
    moved = stack.action("administrator", "govdata_reuse_step", id=made["id"], step="publish")
    assert moved["status"] == "published"
    shown = next(each for each in listed(stack, dataset_id="parking-lots") if each["id"] == made["id"])
    assert shown["sources"] == [
        {"dataset": "parking-lots", "title": "公共停车场基本信息", "obtained_on": "2026-03-14"}
    ]
    part = page(stack, "/dataset/parking-lots/reuses")
    assert "停车易" in part
    assert "2026-03-14 获取" in part
    asked = {"id": made["id"], "step": "hide", "reason": "网址失效"}
    hidden = stack.action("administrator", "govdata_reuse_step", **asked)
    assert hidden["status"] == "hidden"
    assert "停车易" not in page(stack, "/dataset/parking-lots/reuses")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": []},
        {"sources": [{"dataset": "nowhere", "obtained_on": "2026-03-14"}]},
        {"sources": [{"dataset": "parking-lots", "obtained_on": "2999-01-01"}]},
        {"sources": [{"dataset": "parking-lots", "obtained_on": "yesterday"}]},
        {"url": "javascript:alert(1)"},
        {"kind": "nothing"},
        {"summary": "短"},
        {"summary": "联系人手机 13800138000，欢迎来电咨询。"},
    ],
    ids=str,
)
def test_what_is_wrong_is_refused(stack: Stack, wrong: dict[str, Any]) -> None:
    with stack.client("compiler") as client:
        answer = client.post("/api/3/action/govdata_reuse_create", json={**TOLD, **wrong})
    assert answer.status_code == 409


def test_only_the_administrator_decides_and_only_its_maker_takes_it_back(stack: Stack) -> None:
    made = stack.action("compiler", "govdata_reuse_create", **TOLD)
    with stack.client("reviewer") as other, stack.client() as nobody:
        for step in ("publish", "withdraw"):
            asked = {"id": made["id"], "step": step}
            assert other.post("/api/3/action/govdata_reuse_step", json=asked).status_code in (403, 409)
            assert nobody.post("/api/3/action/govdata_reuse_step", json=asked).status_code == 403
        waiting = {"status": "pending"}
        assert other.post("/api/3/action/govdata_reuse_list", json=waiting).status_code == 403
        assert nobody.get("/reuse/queue").status_code == 403
        assert nobody.post("/api/3/action/govdata_reuse_create", json=TOLD).status_code == 403
    back = stack.action("compiler", "govdata_reuse_step", id=made["id"], step="withdraw")
    assert back["status"] == "withdrawn"


def test_a_picture_keeps_its_pixels_alone(in_process: Any, site: Site) -> None:
    from ckanext.govdata.reuses import picture

    photograph = Image.new("RGB", (2000, 1000), "red")
    exif = photograph.getexif()
    exif[0x010F] = "secret camera"
    out = io.BytesIO()
    photograph.save(out, "JPEG", exif=exif, comment=b"secret place")
    assert b"secret" in out.getvalue()
    clean = picture.clean(io.BytesIO(out.getvalue() + b"<script>secret</script>"))
    assert clean is not None
    assert b"secret" not in clean
    with Image.open(io.BytesIO(clean)) as read:
        assert read.size == (1200, 600)


@pytest.mark.parametrize(
    "data", [b"<svg onload=alert(1)>", b"GIF89a" + b"0" * 50, b"\x89PNG\r\n\x1a\n" + b"0" * 50]
)
def test_what_is_no_picture_is_refused(in_process: Any, data: bytes) -> None:
    from ckanext.govdata.reuses import picture
    from licensing.core.errors import InvalidInput

    with pytest.raises(InvalidInput):
        picture.clean(io.BytesIO(data))
    assert picture.clean(io.BytesIO(b"")) is None
