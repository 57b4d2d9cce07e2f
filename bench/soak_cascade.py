"""Two whole platforms, city and province: harvest both ways, applications forwarded while either is killed.

    python bench/soak_cascade.py [HOME_OF_THE_CITY HOME_OF_THE_PROVINCE]

Both stacks are started here with the demonstration (or, given running ones with ``GOVDATA_HARVEST=1`` and
``GOVDATA_CASCADE_LOOPBACK=1``, used and left). The city harvests a theme of the province, the province that
theme of the city, and the city once more: no entry twice, none of its own back. Then the city's officers
apply for entries of the province. The province is killed (SIGKILL to every process, its database too) while
applications are on their way, and the city while answers are. Exit code 1 when an application was lost,
doubled or answered twice, or an entry was.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.soak_harvest import CLI, Platform
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.supervision import Supervision
from tests.stack import ROOT, Stack, running

DEPARTMENT = "soak-harvest-department"
"""Made by ``peers/harvest_source.py``; it stands for the other platform."""
FILED = 12
PATIENCE = 600.0
INTERFACE = "/api/licensing/v1"
ANSWERS = {"approve", "refuse"}
LAW = {"level": "law", "title": "中华人民共和国数据安全法", "article": "第三十八条"}


class Level(Platform):
    """A stack of one level, with everybody of the demonstration in it."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.environment["GOVDATA_CASCADE_LOOPBACK"] = "1"
        self.harvested_before = False
        known = home / "stack.json"
        self.ours = not known.is_file()
        if not self.ours:
            self.harvested_before = True
            told = json.loads(known.read_text())
            self.environment |= {
                "GOVDATA_PORT": str(told["web_port"]), "GOVDATA_PORT_BASE": str(told["port_base"])
            }  # fmt: skip

    @contextmanager
    def _as_home(self) -> Iterator[None]:
        before = os.environ.get("GOVDATA_HOME")
        os.environ["GOVDATA_HOME"] = str(self.home)
        try:
            yield
        finally:
            if before is None:
                del os.environ["GOVDATA_HOME"]
            else:
                os.environ["GOVDATA_HOME"] = before

    @property
    def stack(self) -> Stack:
        with self._as_home():
            found = running()
        if found is None:
            raise RuntimeError(f"{self.home.name} does not answer")
        return found

    def kill(self) -> int:
        """SIGKILL to every process of the stack, the supervisor first; how many."""
        with self._as_home():
            found = Supervision(locate()).leftovers()
        for process in sorted(found, key=lambda each: "supervisord" not in each.name()):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(found, timeout=30)
        return len(found)

    def call(self, role: str, method: str, path: str, body: Any = None) -> Any:
        """One operation of the interface. Raises RuntimeError with what it says."""
        with self.stack.client(role) as client:
            answer = client.request(method, INTERFACE + path, json=body, headers={"If-Match": "*"})
        if answer.status_code >= 400:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()


def until(true: Callable[[], bool], what: str) -> None:
    """Wait. Raises RuntimeError when it does not become true."""
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(f"not within {PATIENCE:.0f} s: {what}")
        pause.wait(1)


def origin_of(entry: dict[str, Any]) -> str:
    """The address under which an entry was harvested; empty for one of the platform's own."""
    extras = {each["key"]: each["value"] for each in entry.get("extras", [])}
    return str(extras.get("uri") or "") if extras.get("guid") else ""


def _errors(here: Level) -> Counter[str]:
    """What went wrong with earlier jobs, where there were any."""
    return Counter(here.source("state")["errors"]) if here.harvested_before else Counter()


def harvested(city: Level, province: Level, theme: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Both ways and once more; what is wrong, and the province's entries as the city has them."""
    own = {
        level: [one for one in level.stack.entries(f"theme:{theme}") if not origin_of(one)]
        for level in (city, province)
    }
    faults: list[str] = []
    came: list[dict[str, Any]] = []
    for here, there in ((city, province), (province, city), (city, province)):
        begun, before = time.monotonic(), _errors(here)
        state = here.harvest(f"{there.stack.base_url}/catalog.ttl?theme={theme}")
        here.harvested_before = True
        site = there.stack.base_url
        both = (f"{site}/", f"{here.stack.base_url}/")
        entries = [one for one in state["packages"] if origin_of(one).startswith(both)]
        doubled = [a for a, n in Counter(map(origin_of, entries)).items() if n > 1]
        wanted = {f"{site}/dataset/{one['id']}" for one in own[there]}
        got = {origin_of(one) for one in entries}
        codes = {origin_of(one): one.get("catalogue_code") for one in entries}
        changed = [
            one["name"] for one in own[there]
            if codes.get(f"{site}/dataset/{one['id']}") != one.get("catalogue_code")
        ]  # fmt: skip
        print(
            f"harvest {here.home.name} from {there.home.name}: {len(got)} of {len(wanted)} in "
            f"{time.monotonic() - begun:.0f} s, {len(doubled)} twice, {len(got - wanted)} not theirs",
            flush=True,
        )  # fmt: skip
        faults += [f"twice: {each}" for each in doubled] + [f"not theirs: {each}" for each in got - wanted]
        faults += [f"did not come: {each}" for each in wanted - got] + [f"code: {each}" for each in changed]
        faults += (Counter(state["errors"]) - before).elements()
        if here is city:
            came = entries
    return faults, came


def know(here: Level, there: Level, name: str, level: str) -> None:
    """Enter the other platform, once the department that stands for it is in the licensing register."""
    place = here.stack.action("sysadmin", "organization_show", id=DEPARTMENT)["id"]
    identity = there.call("administrator", "GET", "/cascade/identity")
    site = there.stack.base_url
    if any(one["site"] == site for one in here.call("administrator", "GET", "/cascade")["peers"]):
        return
    body = {
        "id": f"{name}-{site[-5:]}".replace(":", "-"), "name": f"{name} 平台", "level": level, "site": site,
        "address": site + INTERFACE, "key": identity["key"], "department": place,
    }  # fmt: skip

    def entered() -> bool:
        try:
            here.call("administrator", "POST", "/cascade/peers", body)
        except RuntimeError as error:
            if "/department" not in str(error):
                raise
            return False
        return True

    until(entered, "the department is in the register")


def file(city: Level, entry: dict[str, Any]) -> str:
    """An application of the transport department's officer."""
    place = city.stack.action("sysadmin", "organization_show", id="jiaotong")["id"]
    body = {
        "kind": "sharing", "applicant_kind": "department", "applicant_id": place,
        "draft": {
            "items": [{"dataset": entry["id"]}], "purpose": "核对公交优惠资格",
            "grounds": "履行公交优惠管理职责", "system": "公交卡系统",
        },
    }  # fmt: skip
    case = str(city.call("compiler2", "POST", "/cases", body)["id"])
    city.call("compiler2", "POST", f"/cases/{case}/submit")
    return case


def cases(province: Level) -> list[dict[str, Any]]:
    """Applications that came to the province from the city, as its administrator sees them."""
    place = province.stack.action("sysadmin", "organization_show", id=DEPARTMENT)["id"]
    found = province.call("administrator", "GET", "/cases?view=all&limit=100")["items"]
    return [one for one in found if one["applicant"]["id"] == place]


def decide(province: Level) -> int:
    """The province's officers take every case that waits as far as an answer; how many."""
    done = 0
    for number, case in enumerate(cases(province)):
        if case["status"] != "submitted":
            continue
        path = f"/cases/{case['id']}"
        province.call("administrator", "POST", f"{path}/accept", {"sensitive": [], "controlled": False})
        if number % 3 == 2:
            body: dict[str, Any] = {"reason": "超出履职需要", "basis": [LAW]}
            province.call("reviewer", "POST", f"{path}/refuse", body)
        else:
            province.call("reviewer", "POST", f"{path}/approve", {"reason": "职责所需"})
        province.call("administrator", "POST", f"{path}/notify")
        done += 1
    return done


def forwarded(city: Level, province: Level, entries: list[dict[str, Any]]) -> list[str]:
    """File, kill, decide, kill; what is wrong in the end."""
    filed = [file(city, entries[n % len(entries)]) for n in range(FILED // 2)]
    until(lambda: len(cases(province)) > 0, "the first application arrived")
    print(f"province killed: {province.kill()} processes, {len(filed)} filed", flush=True)
    filed += [file(city, entries[n % len(entries)]) for n in range(FILED - len(filed))]
    listed = city.call("administrator", "GET", "/cascade")["peers"]
    waiting = max(listed, key=lambda one: one["waiting"])
    print(f"city: {waiting['waiting']} waiting, lamp {waiting['lamp']} ({waiting['problem']})", flush=True)
    province.run("up")
    until(lambda: len(cases(province)) >= FILED // 2, "half of the applications arrived")
    print(f"decided: {decide(province)}", flush=True)
    print(f"city killed: {city.kill()} processes", flush=True)
    decide(province)
    city.run("up")
    for here in (city, province):
        for one in here.call("administrator", "GET", "/cascade")["peers"]:
            here.call("administrator", "POST", f"/cascade/peers/{one['id']}/retry")

    def finished() -> bool:
        decide(province)
        shown = [city.call("compiler2", "GET", f"/cases/{case}") for case in filed]
        return all(one["status"] in ("preparing", "refused_told") for one in shown)

    begun = time.monotonic()
    until(finished, "every application is answered")
    print(f"all answered {time.monotonic() - begun:.0f} s after the second start", flush=True)
    return recount(city, province, filed)


def recount(city: Level, province: Level, filed: list[str]) -> list[str]:
    """One case there for each here, one answer here for each there."""
    faults: list[str] = []
    threads = Counter()  # type: Counter[str]
    states: dict[str, str] = {}
    for case in cases(province):
        side = province.call("administrator", "GET", f"/cases/{case['id']}/other-side")
        threads[side["thread"]] += 1
        states[side["thread"]] = case["status"]
    faults += [f"lost: {case}" for case in filed if threads[case] == 0]
    faults += [f"doubled: {case}" for case in filed if threads[case] > 1]
    for case in filed:
        shown = city.call("compiler2", "GET", f"/cases/{case}")
        answers = [one["action"] for one in shown["events"] if one["action"] in ANSWERS]
        if len(answers) != 1:
            faults.append(f"answered {len(answers)} times: {case}")
        if shown["status"] != states.get(case):
            faults.append(f"{shown['status']} here, {states.get(case)} there: {case}")
    print(f"{len(filed)} filed, {sum(threads[case] for case in filed)} cases there", flush=True)
    return faults


def main(homes: list[str]) -> int:
    """Both parts; the exit code."""
    with TemporaryDirectory(prefix="govdata-soak-") as folder:
        places = [Path(each) for each in homes] or [Path(folder) / "city", Path(folder) / "province"]
        city, province = (Level(each) for each in places)
        try:
            for each in (city, province):
                if each.ours:
                    each.run("up", "--demo")
            theirs = province.stack.action(
                None, "package_search", fq="organization:minzheng share_type:conditional", rows=1
            )["results"]
            theme = theirs[0]["theme"]
            faults, came = harvested(city, province, theme)
            know(city, province, "province", "province")
            know(province, city, "city", "city")
            ids = {
                one["id"] for one in province.stack.entries(f"theme:{theme}")
                if one["organization"]["name"] == "minzheng" and one["share_type"] == "conditional"
            }  # fmt: skip
            wanted = [one for one in came if origin_of(one).rpartition("/")[2] in ids]
            faults += forwarded(city, province, wanted)
        finally:
            for each in (city, province):
                if each.ours:
                    subprocess.run([*CLI, "destroy", "--yes"], cwd=ROOT, env=each.environment, check=False)
    for fault in faults[:20]:
        print("✗", fault)
    print(f"{len(faults)} faults; load {os.getloadavg()[0]:.1f}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
