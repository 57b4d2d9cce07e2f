"""Organisation accounts, standing in for each other, and recovering an account."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest

from licensing.core.clock import china_day
from tests.factories import tables
from tests.factories.mailbox import Mailbox

TODAY = china_day(datetime.now(timezone.utc))


def lend(site: Any, who: str, deputy: str, days: int = 5, **place: Any) -> Any:
    return site.call(
        who,
        "govdata_delegation_create",
        deputy=deputy,
        starts_on=TODAY.isoformat(),
        ends_on=(TODAY + timedelta(days=days)).isoformat(),
        **place,
    )


# -- organisation accounts -----------------------------------------------------------------------------


@pytest.fixture
def team(site: Any, person: Callable[..., str]) -> dict[str, Any]:
    """A team with an owner, a manager and a member."""
    people = {role: person(role) for role in ("owner", "manager", "member")}
    made = site.call(people["owner"], "govdata_team_create", title="明德数据公司").ok()
    for role in ("manager", "member"):
        invited = site.call(people["owner"], "govdata_team_invite", id=made["id"], role=role).ok()
        site.call(people[role], "govdata_team_join", secret=invited["secret"]).ok()
    return {"id": made["id"], **people}


@pytest.mark.article("SX-21")
def test_each_role_of_a_team_does_what_its_table_says_and_no_more(
    site: Any, team: dict[str, Any], person: Callable[..., str]
) -> None:
    stranger, team_id = person("stranger"), team["id"]
    assert site.call(stranger, "govdata_team_show", id=team_id).status == 404
    assert site.call(team["member"], "govdata_team_invite", id=team_id, role="member").status == 403
    assert site.call(team["manager"], "govdata_team_invite", id=team_id, role="owner").status == 403
    site.call(team["manager"], "govdata_team_invite", id=team_id, role="member").ok()
    for role in ("manager", "member"):
        assert site.call(team[role], "govdata_team_update", id=team_id, title="别的名字").status == 403
        assert site.call(team[role], "govdata_team_remove", id=team_id, user=team["owner"]).status == 403
        assert (
            site.call(team[role], "govdata_team_set_role", id=team_id, user=team[role], role="owner").status
            == 403
        )
    shown = site.call(team["member"], "govdata_team_show", id=team_id).ok()
    assert shown["invitations"] == []
    assert {one["role"] for one in shown["members"]} == {"owner", "manager", "member"}


def test_the_last_owner_neither_leaves_nor_steps_down_and_of_two_at_once_one_stays(
    site: Any, team: dict[str, Any]
) -> None:
    owner, team_id = team["owner"], team["id"]
    assert site.call(owner, "govdata_team_remove", id=team_id).status == 409
    assert site.call(owner, "govdata_team_set_role", id=team_id, user=owner, role="member").status == 409
    site.call(owner, "govdata_team_set_role", id=team_id, user=team["manager"], role="owner").ok()

    gate = threading.Barrier(2)

    def leave(who: str) -> int:
        gate.wait()
        return int(site.call(who, "govdata_team_remove", id=team_id).status)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, (owner, team["manager"]))) == [200, 409]


def test_an_invitation_holds_once_and_not_after_it_was_revoked_or_its_maker_has_left(
    site: Any, team: dict[str, Any], person: Callable[..., str]
) -> None:
    first, second, team_id = person("first"), person("second"), team["id"]
    invited = site.call(team["manager"], "govdata_team_invite", id=team_id, role="member").ok()
    site.call(first, "govdata_team_join", secret=invited["secret"]).ok()
    assert site.call(second, "govdata_team_join", secret=invited["secret"]).status == 404
    revoked = site.call(team["manager"], "govdata_team_invite", id=team_id, role="member").ok()
    site.call(team["owner"], "govdata_team_revoke", id=revoked["id"]).ok()
    assert site.call(second, "govdata_team_join", secret=revoked["secret"]).status == 404
    orphan = site.call(team["manager"], "govdata_team_invite", id=team_id, role="member").ok()
    site.call(team["manager"], "govdata_team_remove", id=team_id).ok()
    assert site.call(second, "govdata_team_join", secret=orphan["secret"]).status == 404


# -- standing in ---------------------------------------------------------------------------------------


@pytest.mark.article("SX-8", "QD-26", "JS-30", "TZ-20")
def test_a_deputy_acts_in_the_name_of_whoever_is_away_and_both_names_are_on_record(
    site: Any, person: Callable[..., str]
) -> None:
    away = person("away", "reviewer", "secrecy", department="a")
    deputy = person("deputy", "compiler", department="a")
    release = site.submitted(site.entry("stood-in"), "统计.csv", tables.statistics(Random(1), 20).csv())
    assert site.call(deputy, "govdata_release_approve", id=release).status == 403
    lend(site, away, deputy, organization=site.department("a")).ok()
    assert release in {row["id"] for row in site.call(deputy, "govdata_release_list", queue=True).ok()}
    approved = site.call(deputy, "govdata_release_approve", id=release, opinion="同意").ok()
    assert approved["events"][-1]["actor"] == f"{deputy}（代 {away}）"

    held = site.call(away, "govdata_delegation_list").ok()[0]
    site.call(away, "govdata_delegation_revoke", id=held["id"]).ok()
    assert site.call(deputy, "govdata_release_reconsider", id=release).status == 403


@pytest.mark.article("SX-8")
def test_a_delegation_gives_nobody_the_second_pair_of_eyes_that_they_lack(
    site: Any, person: Callable[..., str]
) -> None:
    both = person("both", "compiler", "reviewer", "secrecy", department="a")
    deputy = person("deputy", "secrecy", department="a")
    site.tokens["compiler"], kept = site.tokens[both], site.tokens["compiler"]
    try:
        release = site.submitted(site.entry("own-work"), "统计.csv", tables.statistics(Random(2), 20).csv())
    finally:
        site.tokens["compiler"] = kept
    lend(site, both, deputy, organization=site.department("a")).ok()
    refused = site.call(deputy, "govdata_release_approve", id=release)
    assert refused.status == 403
    assert "approve" not in {one["action"] for one in site.show(release, deputy)["actions"]}
    assert release not in {row["id"] for row in site.call(deputy, "govdata_release_list", queue=True).ok()}


@pytest.mark.article("SX-8")
def test_what_a_deputy_compiled_for_somebody_neither_of_them_may_judge(
    site: Any, person: Callable[..., str]
) -> None:
    away = person("away", "compiler", "reviewer", "secrecy", department="a")
    deputy = person("deputy", "reviewer", "secrecy", department="a")
    lend(site, away, deputy, organization=site.department("a")).ok()
    entry = site.entry("for-another")
    site.tokens["compiler"], kept = site.tokens[deputy], site.tokens["compiler"]
    try:
        release = site.submitted(entry, "统计.csv", tables.statistics(Random(2), 20).csv())
    finally:
        site.tokens["compiler"] = kept
    assert site.show(release)["events"][0]["actor"] == f"{deputy}（代 {away}）"
    for who in (away, deputy):
        assert site.call(who, "govdata_release_approve", id=release).status == 403, who
    site.call("reviewer", "govdata_release_approve", id=release, opinion="同意").ok()


def test_duties_are_lent_to_colleagues_for_days_to_come_and_never_passed_on(
    site: Any, person: Callable[..., str]
) -> None:
    place = {"organization": site.department("a")}
    away = person("away", "reviewer", department="a")
    deputy, third = person("deputy", "compiler", department="a"), person("third", "compiler", department="a")
    assert lend(site, away, "strange_reviewer", **place).status == 404
    assert lend(site, away, f"strange_reviewer-{site.tag}", **place).status == 403
    assert lend(site, away, f"supervisor-{site.tag}", **place).status == 403
    assert lend(site, away, away, **place).status == 409
    assert lend(site, away, deputy, days=200, **place).status == 409
    assert lend(site, away, deputy, days=-1, **place).status == 409
    assert lend(site, deputy, third).status == 403
    lend(site, away, deputy, **place).ok()
    assert lend(site, away, third, **place).status == 409
    lend(site, deputy, third, **place).ok()
    release = site.submitted(site.entry("lent-twice"), "统计.csv", tables.statistics(Random(4), 20).csv())
    assert site.call(third, "govdata_release_approve", id=release).status == 403
    assert site.call("developer", "govdata_delegation_list").status == 403


# -- recovery ------------------------------------------------------------------------------------------


@pytest.fixture
def mailbox(in_process: Any) -> Iterator[Mailbox]:
    """A mail server of this test, to which this process sends."""
    from ckan.plugins import toolkit as tk

    before = {name: tk.config.get(name) for name in ("smtp.server", "smtp.mail_from", "smtp.starttls")}
    with Mailbox() as box:
        tk.config.update(
            {"smtp.server": box.address, "smtp.mail_from": "portal@example.org", "smtp.starttls": False}
        )
        yield box
    tk.config.update(before)


def asked(name: str) -> None:
    """Ask and let the worker's part follow, both in this process."""
    from ckan import model

    from ckanext.govdata.accounts import recovery

    recovery.ask(model.Session, name, "192.0.2.7")
    recovery.carry_out(model.Session)


def secret_in(mail: str) -> str:
    found = re.search(r"/account/recover/link\?s=([\w-]+)", mail)
    assert found
    return found[1]


@pytest.mark.article("SX-21")
def test_a_recovery_link_sets_a_password_once_and_ends_every_other_link(
    site: Any, person: Callable[..., str], mailbox: Mailbox
) -> None:
    import httpx

    from tests.stack import csrf_token

    who = person("forgetful")
    asked(who)
    asked(f"{who}@EXAMPLE.org")
    older, newer = (secret_in(mail) for mail in mailbox.letters)
    assert older != newer
    with httpx.Client(base_url=site.base, timeout=60) as browser:
        page = browser.get(f"/account/recover/link?s={newer}")
        assert page.status_code == 200
        assert "no-store" in page.headers["Cache-Control"]
        assert browser.get("/account/recover/link?s=wrong").status_code == 404

        def choose(secret: str, password: str, again: str = "") -> httpx.Response:
            form = {"s": secret, "password": password, "again": again or password}
            form["_csrf_token"] = csrf_token(page.text)
            return browser.post(
                "/account/recover/link", data=form, headers={"Referer": f"{site.base}/account/recover"}
            )

        assert choose(newer, "short").status_code == 422
        assert choose(newer, "a-good-long-word", "another-word").status_code == 422
        assert choose(newer, "a-good-long-word").status_code == 302
        assert choose(newer, "a-second-long-word").status_code == 404
        assert choose(older, "a-second-long-word").status_code == 404
        login = {"login": who, "password": "a-good-long-word", "_csrf_token": csrf_token(page.text)}
        done = browser.post("/user/login", data=login, headers={"Referer": f"{site.base}/user/login"})
        assert done.status_code == 302
    log = (site.home / "logs" / "web.log").read_text(encoding="utf-8", errors="replace")
    assert "/account/recover/link" in log
    assert not any(secret in log for secret in (older, newer))


def test_a_link_that_is_too_old_holds_no_longer(
    person: Callable[..., str], mailbox: Mailbox, in_process: Any
) -> None:
    import sqlalchemy as sa

    from ckanext.govdata.accounts import recovery
    from ckanext.govdata.model import Recovery
    from ckanext.govdata.model.columns import utc_now
    from licensing.core.errors import NotFound

    who = person("late")
    asked(who)
    secret = secret_in(mailbox.letters[-1])
    assert recovery.holds(in_process, secret)
    in_process.execute(
        sa.update(Recovery)
        .where(Recovery.used_at.is_(None))
        .values(expires_at=utc_now() - timedelta(seconds=1))
        .execution_options(synchronize_session=False)
    )
    in_process.commit()
    assert not recovery.holds(in_process, secret)
    with pytest.raises(NotFound):
        recovery.set_password(in_process, secret, "a-good-long-word", "192.0.2.7")


@pytest.mark.article("SX-21")
def test_nobody_learns_by_recovery_which_accounts_exist(
    site: Any, person: Callable[..., str], mailbox: Mailbox
) -> None:
    import httpx

    from tests.stack import csrf_token

    who = person("known")
    asked("nobody-of-this-name")
    asked("nobody@example.org")
    assert mailbox.letters == []
    pages = []
    with httpx.Client(base_url=site.base, timeout=60) as browser:
        token = csrf_token(browser.get("/account/recover").text)
        for name in (who, "nobody-of-this-name-either"):
            answer = browser.post(
                "/account/recover",
                data={"user": name, "_csrf_token": token},
                headers={"Referer": f"{site.base}/account/recover"},
            )
            pages.append((answer.status_code, re.sub(r'(?:content|value)="[^"]{40,}"', "", answer.text)))
        old = browser.get("/user/reset")
        assert (old.status_code, old.headers["Location"]) == (302, f"{site.base}/account/recover")
    assert pages[0] == pages[1]
    assert pages[0][0] == 200


def test_a_name_is_asked_for_three_times_an_hour_whether_or_not_anybody_has_it(in_process: Any) -> None:
    from ckanext.govdata.accounts import recovery
    from ckanext.govdata.cases.limits import TooOften

    for _ in range(3):
        recovery.ask(in_process, "nobody-at-all", "192.0.2.8")
    with pytest.raises(TooOften):
        recovery.ask(in_process, "nobody-at-all", "192.0.2.9")
    in_process.rollback()


# -- the catalogue, for somebody who is away -----------------------------------------------------------


def entry_of(title: str, **more: Any) -> dict[str, Any]:
    return {
        "title": title, "name": title, "notes": "检验代办。", "catalogue_class": "3", "theme": "social",
        "share_type": "unconditional", "open_type": "unconditional", "update_cycle": "yearly",
        "secrecy": "none", "collection_basis": "《社会救助暂行办法》第三条", **more,
    }  # fmt: skip


@pytest.mark.article("QD-26")
@pytest.mark.article("SX-8")
def test_a_deputy_compiles_and_reviews_the_catalogue_in_the_name_of_who_is_away(
    site: Any, person: Callable[..., str]
) -> None:
    department = site.department("a")
    away, deputy = person("away", "compiler", department="a"), person("deputy", "reviewer", department="a")
    judge = person("judge", "reviewer", department="a")
    title = f"代办{secrets.token_hex(4)}"
    entry = entry_of(title, name=f"deputy-{secrets.token_hex(4)}")
    propose = {"organization": department, "entry": entry}
    assert site.call(deputy, "govdata_change_propose", **propose).status == 403
    lent = lend(site, away, deputy, organization=department).ok()[0]
    change = site.call(deputy, "govdata_change_propose", **propose).ok()
    step = {"id": change["id"]}
    assert change["events"][0]["actor"] == f"{deputy}（代 {away}）"
    site.call(deputy, "govdata_change_submit", **step).ok()
    assert site.call(deputy, "govdata_change_approve", **step).status == 403, "the deputy has compiled it"
    assert site.call(away, "govdata_change_approve", **step).status == 403
    lend(site, judge, away, organization=department).ok()
    assert site.call(away, "govdata_change_approve", **step).status == 403, "it was compiled in their name"
    offered = site.call(away, "govdata_change_show", **step).ok()["actions"]
    assert "approve" not in {one["action"] for one in offered}
    site.call(judge, "govdata_change_approve", **step).ok()
    assert site.call(None, "package_show", id=entry["name"]).ok()["title"] == title
    (version,) = site.call(judge, "govdata_entry_history", id=entry["name"]).ok()
    assert (version["compiled_by"], version["reviewed_by"]) == (deputy, judge)
    site.call(away, "govdata_delegation_revoke", id=lent["id"]).ok()
    again = {**propose, "id": entry["name"], "entry": {**entry, "title": "改"}}
    assert site.call(deputy, "govdata_change_propose", **again).status == 403, "from the moment it ends"
    site.call("sysadmin", "dataset_purge", id=entry["name"]).ok()


@pytest.mark.article("QD-26")
def test_a_delegation_counts_in_licensing_from_its_first_day_to_its_end(
    site: Any, person: Callable[..., str], in_process: Any
) -> None:
    from ckan import model

    from ckanext.govdata.licensing_ports import people
    from licensing import ports

    department = site.department("a")
    away, deputy = person("away", "reviewer", department="a"), person("deputy", "compiler", department="a")
    account, where = model.User.get(deputy), model.Group.get(department).id
    assert (where, ports.PROVIDER) not in people.offices_of(account)
    lent = lend(site, away, deputy, organization=department).ok()[0]
    assert (where, ports.PROVIDER) in people.offices_of(account)
    site.call(away, "govdata_delegation_revoke", id=lent["id"]).ok()
    in_process.rollback()
    assert (where, ports.PROVIDER) not in people.offices_of(account)


def test_members_of_a_team_act_for_its_partner_until_they_leave(
    site: Any, team: dict[str, Any], in_process: Any
) -> None:
    from ckan import model

    from ckanext.govdata.licensing_ports import people
    from ckanext.govdata.licensing_ports.setup import setup

    owner, member, team_id = team["owner"], team["member"], team["id"]
    partner = f"partner-{secrets.token_hex(6)}"

    def of(who: str) -> str | None:
        in_process.rollback()
        with setup().session() as session:
            return people.partner_of(model.User.get(who), session)

    assert site.call(owner, "govdata_team_link", id=team_id).status == 409, "no partner yet"
    with setup().session() as session:
        people.join(model.User.get(owner), partner, session)
        session.commit()
    assert site.call(team["manager"], "govdata_team_link", id=team_id).status == 403
    assert site.call(owner, "govdata_team_link", id=team_id).ok()["linked"] is True
    assert (of(owner), of(member)) == (partner, partner)
    site.call(owner, "govdata_team_remove", id=team_id, user=member).ok()
    assert of(member) is None
    assert site.call(owner, "govdata_team_link", id=team_id, linked=False).ok()["linked"] is False
    assert (of(owner), of(team["manager"])) == (partner, None)
