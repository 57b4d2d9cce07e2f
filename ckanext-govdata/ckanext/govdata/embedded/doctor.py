"""What is wrong with an installation, and how to mend it: one check a function, each gives findings.

A check looks and changes nothing. An ``error`` keeps the stack from working; a ``warning`` does not.
"""

from __future__ import annotations

import binascii
import json
import os
import shutil
import stat
import sys
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests

from . import jarlock, jars, java, postgres, stack
from .errors import StackError
from .home import Home
from .messages import Message
from .ports import holder, is_free
from .secrets import load
from .services import ALL
from .supervision import Supervision

MIN_FREE = 2 << 30
"""Bytes: a first start takes 1.2 GB of data, jars and logs; below this PostgreSQL may soon stop."""
LOW_FREE = 5 << 30
MIN_MEMORY = 3 << 30
MAX_SKEW = 300.0
"""Seconds between this clock and a server's before signatures and statutory clocks go wrong."""
_OLDEST, _NEWEST = (3, 10), (3, 12)


@dataclass(frozen=True)
class Finding:
    """One thing found: ``level`` is ``error`` or ``warning``; ``mend`` says what to do."""

    code: str
    level: str
    message: Message
    mend: Message


Check = Callable[[Home], list[Finding]]


def check_python(_home: Home, version: tuple[int, int] = sys.version_info[:2]) -> list[Finding]:
    """CKAN 2.12 runs on 3.10, 3.11 and 3.12."""
    if _OLDEST <= version <= _NEWEST:
        return []
    told = ".".join(map(str, version))
    return [
        Finding(
            "python_version",
            "error",
            Message(f"Python {told} 不受支持。", f"Python {told} is not supported."),
            Message(
                "安装 Python 3.10–3.12,删除 .venv 后重新 make run。",
                "Install Python 3.10–3.12, remove .venv, run `make run` again.",
            ),
        )
    ]


def check_disk(home: Home, free: int | None = None) -> list[Finding]:
    """Free bytes where the data lie."""
    folder = next(step for step in (home.root, *home.root.parents) if step.exists())
    left = shutil.disk_usage(folder).free if free is None else free
    if left >= LOW_FREE:
        return []
    level = "error" if left < MIN_FREE else "warning"
    return [
        Finding(
            "disk_space",
            level,
            Message(
                f"{folder} 所在磁盘只剩 {left / 1e9:.1f} GB。",
                f"Only {left / 1e9:.1f} GB are free at {folder}.",
            ),
            Message(
                "清理磁盘，或用 GOVDATA_HOME 换到空间充足的目录。",
                "Free some space, or name a roomier folder in GOVDATA_HOME.",
            ),
        )
    ]


def check_memory(_home: Home, total: int | None = None) -> list[Finding]:
    """Memory of the machine in bytes."""
    have = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if total is None else total
    if have >= MIN_MEMORY:
        return []
    return [
        Finding(
            "memory",
            "warning",
            Message(
                f"内存只有 {have / 1e9:.1f} GB。", f"The machine has only {have / 1e9:.1f} GB of memory."
            ),
            Message("建议 4 GB 以上。", "4 GB or more are recommended."),
        )
    ]


def check_shm(home: Home) -> list[Finding]:
    """Without tmpfs, what a library writes to a temporary file reaches the disk."""
    if home.tmp.parent == Path("/dev/shm"):  # noqa: S108 - compared with where `Home.tmp` chose to be
        return []
    return [
        Finding(
            "no_tmpfs",
            "warning",
            Message(
                "没有可写的 /dev/shm,临时文件将落在磁盘上。",
                "There is no writable tmpfs: temporary files reach the disk.",
            ),
            Message(
                "挂载 tmpfs:mount -t tmpfs tmpfs /dev/shm（容器请加 --shm-size）。",
                "Mount one: mount -t tmpfs tmpfs /dev/shm (in a container: --shm-size).",
            ),
        )
    ]


def check_ports(home: Home) -> list[Finding]:
    """A port held by a program that is not ours."""
    running = {process.service for process in Supervision(home).processes() if process.pid}
    found = []
    for service in ALL:
        if service.port is None or service.name in running:
            continue
        port = service.port(home)
        if is_free(home.host if service.name == "web" else "127.0.0.1", port):
            continue
        who = holder(port)
        name = f"{who.name} (PID {who.pid})" if who.pid else "?"
        found.append(
            Finding(
                "port_taken",
                "error",
                Message(
                    f"端口 {port}({service.title.zh})被 {name} 占用。",
                    f"Port {port} ({service.title.en}) is held by {name}.",
                ),
                Message(
                    f"停止该程序，或换端口：{service.variable}={port + 100} make run。",
                    f"Stop that program, or choose another port: {service.variable}={port + 100} make run.",
                ),
            )
        )
    return found


def check_jars(_home: Home) -> list[Finding]:
    """Every archive of the cache is hashed anew."""
    absent, damaged = [], []
    for group in jarlock.read().values():
        for jar in group:
            path = jars.cached(jar)
            if not path.is_file():
                absent.append(jar.coordinates)
            elif jars.sha256_of(path) != jar.sha256:
                damaged.append((jar.coordinates, path))
    found = [
        Finding(
            "jar_corrupt",
            "error",
            Message(f"Java 组件 {name} 已损坏。", f"The Java archive {name} is damaged."),
            Message(f"删除 {path} 后重新 make run。", f"Remove {path}, then run `make run` again."),
        )
        for name, path in damaged
    ]
    if absent:
        found.append(
            Finding(
                "jar_missing",
                "warning",
                Message(f"缺少 {len(absent)} 个 Java 组件。", f"{len(absent)} Java archives are missing."),
                Message("执行 make run,会自动下载。", "Run `make run`: they are fetched."),
            )
        )
    return found


def check_models(_home: Home) -> list[Finding]:
    """The weights that find names are in the cache."""
    from anonymize.tagger import weights  # the library takes a second to import; most commands do without

    if weights.is_whole():
        return []
    return [
        Finding(
            "model_missing",
            "warning",
            Message(
                "没有姓名识别模型，自由文本将整段遮盖。",
                "The weights for names are missing; free text is redacted whole.",
            ),
            Message("执行 anonymize tagger fetch。", "Run `anonymize tagger fetch`."),
        )
    ]


def check_java(_home: Home) -> list[Finding]:
    """The Java runtime is there and may be run."""
    if os.access(java.program(), os.X_OK):
        return []
    return [
        Finding(
            "java",
            "error",
            Message(
                f"Java 运行时 {java.program()} 不可用。", f"The Java runtime {java.program()} cannot be run."
            ),
            Message(
                "重新安装依赖：删除 .venv 后运行 make run，或用 GOVDATA_JAVA 指定 Java 17 以上。",
                "Install again: remove .venv and run `make run`; or name a Java 17+ in GOVDATA_JAVA.",
            ),
        )
    ]


def check_secrets(home: Home) -> list[Finding]:
    """The key-encryption key is there and whole; nobody else can read the file."""
    if not home.secrets_file.exists():
        if not (home.data / "s3").exists():
            return []  # never started: the first `up` makes them
        return [_kek_finding("密钥文件丢失", "The file of secrets is lost")]
    mode = stat.S_IMODE(home.secrets_file.stat().st_mode)
    found = []
    if mode & 0o077:
        found.append(
            Finding(
                "secrets_mode",
                "error",
                Message(
                    f"{home.secrets_file} 可被其他用户读取（权限 {mode:o}）。",
                    f"Other users can read {home.secrets_file} (mode {mode:o}).",
                ),
                Message(f"chmod 600 {home.secrets_file}", f"chmod 600 {home.secrets_file}"),
            )
        )
    try:
        keys = load(home.secrets_file).kek.split(",")
        whole = all(len(b64decode(key.split(":", 1)[1], validate=True)) == 32 for key in keys)
    except (ValueError, TypeError, IndexError, binascii.Error):
        whole = False
    if not whole:
        found.append(
            _kek_finding(
                "主密钥 GOVDATA_KEK 缺失或损坏", "The key-encryption key GOVDATA_KEK is missing or damaged"
            )
        )
    return found


def _kek_finding(zh: str, en: str) -> Finding:
    return Finding(
        "kek_missing",
        "error",
        Message(f"{zh}，暂存区中的原始文件无法解密。", f"{en}: staged raw files cannot be opened."),
        Message(
            "从备份恢复 secrets.json;没有备份时须由部门重新上传原始文件。",
            "Restore secrets.json from a backup; without one the departments must upload their files again.",
        ),
    )


def check_processes(home: Home) -> list[Finding]:
    """Every service lives and answers."""
    processes = Supervision(home).processes()
    if not processes:
        return [
            Finding(
                "not_running",
                "warning",
                Message("系统没有运行。", "The stack is not running."),
                Message("执行 make run 或 govdata up。", "Run `make run` or `govdata up`."),
            )
        ]
    secrets = load(home.secrets_file)
    found = []
    for service in ALL:
        mine = [process for process in processes if process.service == service.name]
        if mine and all(process.state == "RUNNING" for process in mine) and service.ready(home, secrets):
            continue
        log = home.logs / f"{service.name}.log"
        state = mine[0].state if mine else "STOPPED"
        found.append(
            Finding(
                "service_down",
                "error",
                Message(
                    f"{service.title.zh}({service.name})没有正常应答，状态 {state}。"
                    f"日志末尾：{stack.tail(log, 3)}",
                    f"{service.title.en} ({service.name}) does not answer, state {state}. "
                    f"End of its log: {stack.tail(log, 3)}",
                ),
                Message(
                    f"govdata restart {service.name}；不行再看 govdata logs {service.name}。",
                    f"govdata restart {service.name}; if that does not help: govdata logs {service.name}.",
                ),
            )
        )
    return found


def check_clock(_home: Home, ahead: float | None = None) -> list[Finding]:
    """Seconds by which this clock is ahead of the jar repository's; unknown without a network."""
    if ahead is None:
        try:
            answer = requests.head(jars.repository() + "/", timeout=5, allow_redirects=True)
            ahead = time.time() - parsedate_to_datetime(answer.headers["Date"]).timestamp()
        except (requests.RequestException, KeyError, ValueError):
            return []  # no network, no comparison: a closed network is no fault
    if abs(ahead) <= MAX_SKEW:
        return []
    return [
        Finding(
            "clock_skew",
            "warning",
            Message(f"系统时钟与网络时间相差 {abs(ahead):.0f} 秒。", f"The clock is {abs(ahead):.0f} s off."),
            Message(
                "启用时间同步（chrony/ntpd）。法定时限以本机时钟为准。",
                "Switch on time synchronisation (chrony/ntpd).",
            ),
        )
    ]


def check_postgres_user(_home: Home) -> list[Finding]:
    """Root needs another user for PostgreSQL."""
    if os.geteuid() != 0:
        return []
    try:
        postgres.system_user()
    except StackError as error:
        return [
            Finding(
                "postgres_user",
                "error",
                error.message,
                Message("useradd --system govdata", "useradd --system govdata"),
            )
        ]
    return []


CHECKS: tuple[Check, ...] = (
    check_python,
    check_disk,
    check_memory,
    check_shm,
    check_java,
    check_jars,
    check_models,
    check_secrets,
    check_postgres_user,
    check_ports,
    check_processes,
    check_clock,
)


def examine(home: Home) -> list[Finding]:
    """Findings of all checks, errors first."""
    found = [finding for check in CHECKS for finding in check(home)]
    return sorted(found, key=lambda finding: finding.level != "error")


def as_json(findings: list[Finding]) -> str:
    """The findings for machines."""
    listed = [
        {
            "code": each.code,
            "level": each.level,
            "message": each.message._asdict(),
            "mend": each.mend._asdict(),
        }
        for each in findings
    ]
    return json.dumps(
        {"ok": not any(each.level == "error" for each in findings), "findings": listed}, ensure_ascii=False
    )
