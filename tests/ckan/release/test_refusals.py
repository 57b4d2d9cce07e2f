"""Who may not, and what may not: every refusal over HTTP."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.factories import tables

STEPS = ["scan", "plan", "run", "sign_off", "submit", "approve", "reject", "publish", "withdraw", "cancel"]
OUTSIDERS = [None, "developer", "stranger", "strange_reviewer"]
PLAIN = tables.statistics(Random(5), 40).csv()


@pytest.fixture(scope="module")
def assessed(site: Any) -> str:
    return str(site.assessed(site.entry("refusals"), "统计.csv", PLAIN))


@pytest.mark.article("SX-22")
@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_are_refused_every_step_and_every_look(site: Any, assessed: str, who: str | None) -> None:
    for step in STEPS:
        answer = site.call(who, f"govdata_release_{step}", id=assessed, reason="r", conclusion="pass")
        assert answer.status == 403, step
    assert site.call(who, "govdata_release_show", id=assessed).status == 403
    listed = site.call(who, "govdata_release_list")
    assert listed.status == 403 or assessed not in {r["id"] for r in listed.ok()}
    assert site.show(assessed)["state"] == "assessed"


@pytest.mark.parametrize("who", [None, "developer"])
def test_people_outside_learn_nothing_of_what_exists(site: Any, assessed: str, who: str | None) -> None:
    real = site.call(who, "govdata_release_show", id=assessed)
    invented = site.call(who, "govdata_release_show", id="no-such-release")
    assert (real.status, real.body) == (invented.status, invented.body)


def test_only_a_compiler_of_the_department_starts_a_release(site: Any) -> None:
    name = site.entry("start")
    for who in (None, "developer", "stranger", "reviewer", "administrator", "supervisor"):
        answer = site.call(who, "govdata_release_create", dataset_id=name, filename="a.csv", size=10)
        assert answer.status == 403, who


def test_the_supervisor_and_the_administrator_look_and_change_nothing(site: Any, assessed: str) -> None:
    for who in ("supervisor", "administrator"):
        assert site.call(who, "govdata_release_show", id=assessed).ok()["actions"] == []
        assert site.call(who, "govdata_release_plan", id=assessed).status == 403


@pytest.mark.article("SX-22")
def test_the_public_reaches_no_file_of_an_unapproved_release(site: Any, assessed: str) -> None:
    name = site.show(assessed)["dataset_name"]
    for path in (f"/dataset/{name}/releases/1/{name}.csv", f"/dataset/{name}/latest/{name}.csv"):
        assert site.get(path).status_code == 404
        assert site.get(path, who="compiler").status_code == 404
    assert site.call(None, "package_show", id=name).ok()["resources"] == []


@pytest.mark.article("SX-8")
def test_whoever_compiled_does_not_judge_whatever_their_roles(site: Any) -> None:
    release = site.assessed(site.entry("eyes"), "统计.csv", PLAIN)
    # Touches the plan, and is a compiler from then on, reviewer's role or not.
    site.call("compiler_too", "govdata_release_plan", id=release).ok()
    site.call("compiler", "govdata_release_run", id=release).ok()
    assert site.settled(release)["state"] == "assessed"
    assert site.call("compiler_too", "govdata_release_sign_off", id=release, conclusion="pass").status == 403
    site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass").ok()
    site.call("compiler", "govdata_release_submit", id=release).ok()
    for who in ("compiler", "compiler_too"):
        assert site.call(who, "govdata_release_approve", id=release).status == 403
        assert "approve" not in {a["action"] for a in site.show(release, who)["actions"]}
    site.call("reviewer", "govdata_release_approve", id=release).ok()


@pytest.mark.article("SX-8")
def test_a_system_administrator_does_not_approve_what_they_compiled(site: Any) -> None:
    name = site.entry("root")
    upload = {"upload": ("统计.csv", PLAIN)}
    created = site.call("sysadmin", "govdata_release_create", files=upload, dataset_id=name, origin="own")
    release = created.ok()["id"]
    site.call("compiler", "govdata_release_scan", id=release).ok()
    site.settled(release)
    site.call("compiler", "govdata_release_plan", id=release).ok()
    site.call("compiler", "govdata_release_run", id=release).ok()
    site.settled(release)
    assert site.call("sysadmin", "govdata_release_sign_off", id=release, conclusion="pass").status == 403
    site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass").ok()
    site.call("compiler", "govdata_release_submit", id=release).ok()
    assert site.call("sysadmin", "govdata_release_approve", id=release).status == 403


@pytest.mark.article("QD-18")
def test_nothing_is_submitted_without_the_confidentiality_review_of_this_result(site: Any) -> None:
    release = site.assessed(site.entry("signoff"), "统计.csv", PLAIN)
    refused = site.call("compiler", "govdata_release_submit", id=release)
    assert refused.status == 409
    assert [b["code"] for b in refused.body["blockers"]] == ["sign_off_missing"]
    assert refused.body["zh"]
    assert refused.body["en"]
    site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass", opinion="无涉密").ok()
    # Another run, another result: the signature of the first one is void.
    site.call("compiler", "govdata_release_plan", id=release).ok()
    site.call("compiler", "govdata_release_run", id=release).ok()
    assert site.settled(release)["sign_off"] is None
    assert site.call("compiler", "govdata_release_submit", id=release).status == 409
    refusal = site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="refuse")
    assert refusal.status == 409, "a refusal needs an opinion"
    site.call(
        "reviewer", "govdata_release_sign_off", id=release, conclusion="refuse", opinion="含敏感点位"
    ).ok()
    assert [b["code"] for b in site.show(release)["blockers"]] == ["sign_off_refused"]


@pytest.mark.article("SX-2")
def test_an_entry_marked_secret_takes_no_release(site: Any) -> None:
    name = site.entry("secret", secrecy="state")
    answer = site.call("compiler", "govdata_release_create", dataset_id=name, filename="a.csv", size=10)
    assert (answer.status, answer.body["code"]) == (409, "secret_material")


@pytest.mark.article("SX-2")
def test_an_entry_that_is_marked_later_is_not_submitted(site: Any) -> None:
    name = site.entry("later")
    release = site.assessed(name, "统计.csv", PLAIN)
    site.call("sysadmin", "package_patch", id=name, secrecy="work").ok()
    assert "secret_material" in {b["code"] for b in site.show(release)["blockers"]}
    assert site.call("compiler", "govdata_release_submit", id=release).status == 409


@pytest.mark.article("SX-14")
@pytest.mark.parametrize("open_type", ["none"])
def test_what_the_department_has_not_opened_to_everybody_is_not_submitted(site: Any, open_type: str) -> None:
    release = site.assessed(site.entry("closed"), "统计.csv", PLAIN)
    site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass", opinion="无涉密").ok()
    dataset = site.show(release)["dataset_id"]
    reasons = {"open_condition": "仅限申请人按协议使用；《中华人民共和国数据安全法》第二十一条"}
    site.call("sysadmin", "package_patch", id=dataset, open_type=open_type, **reasons).ok()
    refused = site.call("compiler", "govdata_release_submit", id=release)
    assert refused.status == 409
    assert [b["code"] for b in refused.body["blockers"]] == ["not_open"]


@pytest.mark.article("SX-2")
def test_a_file_with_a_secrecy_marking_is_refused_and_destroyed(site: Any, in_process: Any) -> None:
    from ckanext.govdata.model import Release

    content = "机密★10年\n" + PLAIN.decode()
    release = site.create(site.entry("marked"), "统计.csv", content.encode())
    site.call("compiler", "govdata_release_scan", id=release).ok()
    ended = site.settled(release)
    assert (ended["state"], ended["failure"]["code"]) == ("failed", "secret_material")
    assert in_process.get(Release, release).raw_key is None
    assert site.call("compiler", "govdata_release_scan", id=release).status == 409


@pytest.mark.article("JS-17")
@pytest.mark.article("HB-14")
def test_columns_need_an_origin_and_the_consent_of_their_origin(site: Any) -> None:
    release = site.assessed(site.entry("origin"), "统计.csv", PLAIN, origin="")
    site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass").ok()
    refused = site.call("compiler", "govdata_release_submit", id=release)
    assert [b["code"] for b in refused.body["blockers"]] == ["origin_missing"]

    names = [c["name"] for c in site.show(release)["plan"]["columns"]]
    foreign = [{"name": name, "origin": site.department("b")} for name in names]
    site.call("compiler", "govdata_release_plan", id=release, columns=foreign).ok()
    assert "consent_missing" in {b["code"] for b in site.show(release)["blockers"]}

    agreed = [{"name": name, "consent": "乙函〔2026〕3号"} for name in names]
    site.call("compiler", "govdata_release_plan", id=release, columns=agreed).ok()
    site.call("compiler", "govdata_release_run", id=release).ok()
    assert {b["code"] for b in site.settled(release)["blockers"]} == {"sign_off_missing"}


@pytest.mark.article("SX-15")
def test_keeping_identifiers_is_refused_and_the_second_scan_blocks_even_a_justified_one(site: Any) -> None:
    table = tables.payroll(Random(9), 60)
    release = site.scanned(site.entry("payroll"), "工资.csv", table.csv())
    found = {c["name"] for c in site.show(release)["findings"]["columns"] if c["entity"] == "CN_BANK_CARD"}
    assert found
    keep = [{"name": name, "operator": "keep"} for name in found]
    refused = site.call("compiler", "govdata_release_plan", id=release, columns=keep)
    assert (refused.status, refused.body["code"]) == (409, "plan_refused")
    justified = [{**change, "justification": "测试"} for change in keep]
    site.call("compiler", "govdata_release_plan", id=release, columns=justified).ok()
    site.call("compiler", "govdata_release_run", id=release).ok()
    assert site.settled(release)["state"] == "assessed"
    site.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass").ok()
    refused = site.call("compiler", "govdata_release_submit", id=release)
    assert refused.status == 409
    assert "personal_data_remain" in {b["code"] for b in refused.body["blockers"]}


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("resource_create", {"url": "http://elsewhere.example/raw.csv", "name": "raw"}),
        ("datastore_create", {"records": [{"a": 1}], "fields": [{"id": "a"}]}),
        ("package_patch", {"resources": [{"url": "http://elsewhere.example/raw.csv"}]}),
        ("package_revise", {"update": {"resources": [{"url": "http://elsewhere.example/raw.csv"}]}}),
    ],
)
def test_no_side_door_puts_a_file_into_an_entry(site: Any, action: str, data: dict[str, Any]) -> None:
    name = site.entry("side-door")
    where = {
        "resource_create": {"package_id": name},
        "datastore_create": {"resource": {"package_id": name}},
        "package_patch": {"id": name},
        "package_revise": {"match": {"name": name}},
    }[action]
    assert site.call("compiler", action, **where, **data).status == 403
    assert site.call(None, "package_show", id=name).ok()["resources"] == []


def test_the_side_doors_are_closed_to_uploads_too(site: Any) -> None:
    name = site.entry("side-upload")
    upload = {"upload": ("raw.csv", b"a,b\n1,2\n")}
    assert site.call("compiler", "resource_create", files=upload, package_id=name).status == 403


def test_editing_an_entry_leaves_its_published_files_as_they_are(site: Any) -> None:
    name = site.entry("editable")
    site.published(name, "统计.csv", PLAIN)
    before = site.call(None, "package_show", id=name).ok()["resources"]
    site.call("sysadmin", "package_patch", id=name, title="新的名称").ok()
    assert site.call(None, "package_show", id=name).ok()["resources"] == before
    assert site.call("compiler", "resource_delete", id=before[0]["id"]).status == 403
    assert site.call("compiler", "resource_patch", id=before[0]["id"], url="http://x.example/").status == 403
    assert site.call("compiler", "package_patch", id=name, resources=[]).status == 403
    assert site.call("compiler", "package_patch", id=name, name=f"{name}-2").status == 403, "addresses"


def test_officers_are_appointed_by_the_administrator_only(site: Any) -> None:
    wanted = {"user": f"developer-{site.tag}", "organization": site.department("b"), "roles": ["compiler"]}
    for who in (None, "developer", "compiler", "reviewer", "supervisor"):
        assert site.call(who, "govdata_officer_set", **wanted).status == 403
    refused = site.call("administrator", "govdata_officer_set", **{**wanted, "roles": ["administrator"]})
    assert refused.status == 409, "a role of the platform is not given in a department"
    site.call("administrator", "govdata_officer_set", **wanted).ok()
    listed = site.call("administrator", "govdata_officer_list", user=wanted["user"]).ok()
    assert [(o["organization"], o["role"]) for o in listed] == [(site.department("b"), "compiler")]
    site.call("administrator", "govdata_officer_set", **{**wanted, "roles": []}).ok()
    assert site.call("administrator", "govdata_officer_list", user=wanted["user"]).ok() == []


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("空.csv", b"\xef\xbb\xbf"),
        ("垃圾.csv", bytes(range(256)) * 40),
        ("假.xlsx", b"PK\x03\x04 this is no workbook"),
        ("重复.csv", "编号,编号\n1,2\n".encode()),
    ],
)
def test_bad_input_ends_as_failed_with_a_sentence_and_loses_nothing(
    site: Any, filename: str, content: bytes
) -> None:
    release = site.create(site.entry("bad"), filename, content)
    site.call("compiler", "govdata_release_scan", id=release).ok()
    ended = site.settled(release)
    assert (ended["state"], ended["failure"]["code"]) == ("failed", "source_unreadable")
    assert ended["failure"]["message"]["zh"]
    assert ended["failure"]["message"]["en"]
    assert ended["source"]["size"] == len(content)
    assert "cancel" in {a["action"] for a in ended["actions"]}
