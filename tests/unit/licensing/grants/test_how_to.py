"""The page on using a grant: every command of it runs, one after another, against a real server."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from licensing.cli import main
from tests.factories.filed_world import Filed
from tests.factories.licensing_http import ROOT, HttpWorld

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "use-a-grant.md"
PEOPLE = {"provider": "u-provider", "partner": "u-partner", "office": "u-platform"}


@pytest.fixture
def address(http: HttpWorld) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, http.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{ROOT}"
    server.shutdown()
    thread.join()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands need curl")
def test_every_command_of_the_page_runs_and_does_what_the_page_says(
    http: HttpWorld, made: Filed, address: str, tmp_path: Path
) -> None:
    folder = http.folder.parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LICENSING_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
        "LICENSING_DATABASE": f"sqlite:///{folder / 'licensing.db'}",
        "LICENSING_STORAGE": str(http.folder),
        "LICENSING_RULES": "hubei",
        "LICENSING_METER": str(folder / "meter"),
        "API": address,
        "AGREEMENT": made.agreement_id,
        "FILING": made.filing_id,
        "DATASET": "records",
        "DAY": "2026-03-03",
        "no_proxy": "127.0.0.1",
    }
    for name, who in PEOPLE.items():
        (tmp_path / f"{name}.txt").write_text(http.tokens[who])
    blocks = re.findall(r"```sh\n(.*?)\n```", PAGE.read_text("utf-8"), re.S)
    assert len(blocks) == 9
    for block in blocks:
        if block.startswith("licensing jobs"):
            # In this process, which keeps the time of the test; the server's own thread rolls the meter.
            assert http.settings.meter is not None
            http.settings.meter.roll()
            done = CliRunner().invoke(main, shlex.split(block)[1:], env=environment)
            assert (done.exit_code, done.output.split()[0]) == (0, "calls=1"), done.output
            continue
        ran = subprocess.run(
            ["/bin/sh", "-ec", block], cwd=tmp_path, env=environment, capture_output=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert ran.returncode == 0, (block, ran.stdout, ran.stderr)

    def told(name: str) -> Any:
        return json.loads((tmp_path / name).read_text("utf-8"))

    assert told("usage.json")["total"]["rows"] == 20
    assert told("alarms.json")["items"] == []
    assert told("agreement.jsonld")["@type"] == "Agreement"
    assert told("citation.json")[0]["type"] == "dataset"
    assert told("refused.json")["reason"] == "not_active"
    assert "来源已核验" in "".join(ElementTree.fromstring((tmp_path / "badge.svg").read_text()).itertext())  # noqa: S314
    assert "停车诱导服务" in (tmp_path / "page.html").read_text("utf-8")
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("*.header"))
