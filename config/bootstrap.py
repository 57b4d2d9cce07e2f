"""Make the virtual environment ready, with nothing but a Python and the network.

    python3 config/bootstrap.py run|test

1. find a Python 3.10–3.12; each candidate is run and asked, because a shim may be there and not work;
2. fetch `uv`, pinned by version and hash, with the `pip` of any interpreter (the chosen one may lack it);
3. let `uv` make `.venv`, install the locked requirements by hash, and the project itself.

A stamp notes what was installed: a second call does nothing and takes no time. Only the standard library is
used, and the syntax stays old, so that an old Python still prints a message that helps instead of an error.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
TOOLS = os.path.join(ROOT, ".uv")
LOCKS = os.path.join(ROOT, "config", "locks")
OLDEST, NEWEST = (3, 10), (3, 12)
LOCK_OF = {"run": "requirements.lock", "test": "test.lock"}
CANDIDATES = ("python3.12", "python3.11", "python3.10", "python3", "python")


def english():
    """Whether the reader's locale asks for another language than Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").split(".")[0].lower()
        if value and value not in ("c", "posix"):
            return not value.startswith("zh")
    return False


def say(zh, en):
    """One line to the reader."""
    sys.stdout.write((en if english() else zh) + "\n")
    sys.stdout.flush()


def fail(zh, en, code):
    """Tell what is wrong and how to mend it, in both languages, and end."""
    sys.stderr.write("\n" + zh + "\n" + en + "\n")
    sys.exit(code)


def ask(program, code):
    """What ``program -c code`` prints, or None when it does not run."""
    try:
        done = subprocess.run(
            [program, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def version_of(program):
    """(major, minor) of an interpreter, or None when it does not run or is not CPython."""
    told = ask(
        program, "import sys; print(sys.implementation.name, sys.version_info[0], sys.version_info[1])"
    )
    parts = (told or "").split()
    if len(parts) != 3 or parts[0] != "cpython":
        return None
    return int(parts[1]), int(parts[2])


def interpreters():
    """Every interpreter that runs: (path, version), the named one first, each once."""
    named = os.environ.get("GOVDATA_PYTHON")
    found = []
    for name in ([named] if named else []) + list(CANDIDATES):
        for folder in [""] if os.path.dirname(name) else os.environ.get("PATH", os.defpath).split(os.pathsep):
            path = os.path.join(folder, name) if folder else name
            if os.path.isfile(path) and os.access(path, os.X_OK) and path not in [each[0] for each in found]:
                version = version_of(path)
                if version is not None:
                    found.append((path, version))
    return found


def choose(found):
    """The first interpreter of a supported version; ends with a message when there is none."""
    for path, version in found:
        if OLDEST <= version <= NEWEST:
            return path
    seen = ", ".join(path + " (" + ".".join(map(str, version)) + ")" for path, version in found) or "-"
    return fail(
        "需要 Python 3.10、3.11 或 3.12，本机只找到："
        + seen
        + "。\n请安装其中之一（如 Debian：apt install python3；openEuler/麒麟：dnf install python3.11），"
        "或用 GOVDATA_PYTHON=/路径/python3.11 指定。",
        "Python 3.10, 3.11 or 3.12 is needed; found: "
        + seen
        + ".\nInstall one of them (Debian/Ubuntu: apt install python3; Fedora/RHEL: dnf install python3.11), "
        "or name it with GOVDATA_PYTHON=/path/to/python3.11.",
        2,
    )


def read(*parts):
    """Bytes of a file under the checkout."""
    with open(os.path.join(ROOT, *parts), "rb") as stream:
        return stream.read()


def fingerprint(kind):
    """Changes when a lock, the project's metadata or the place of the checkout changes."""
    digest = hashlib.sha256(ROOT.encode("utf-8"))
    for part in (read("config", "locks", LOCK_OF[kind]), read("pyproject.toml"), read("setup.py")):
        digest.update(part)
    return digest.hexdigest()


def stamp(kind):
    """Where it is noted that the set ``kind`` is installed."""
    return os.path.join(VENV, "govdata-" + kind + ".stamp")


def is_ready(kind):
    """Whether ``kind`` is installed as the lock says now."""
    try:
        with open(stamp(kind)) as stream:
            return stream.read() == fingerprint(kind) and os.path.exists(os.path.join(VENV, "bin", "python"))
    except OSError:
        return False


def pinned_uv():
    """The version of `uv` that the lock names."""
    return re.search(r"^uv==([\w.]+)", read("config", "locks", "uv.lock").decode("utf-8"), re.M).group(1)


def uv_program(found):
    """Path of the pinned `uv`; fetched with the pip of whichever interpreter has one."""
    program = os.path.join(TOOLS, "bin", "uv")
    mark = os.path.join(TOOLS, "version")
    try:
        with open(mark) as stream:
            if stream.read() == pinned_uv() and os.access(program, os.X_OK):
                return program
    except OSError:
        pass  # not fetched yet
    say("… 获取安装工具 uv " + pinned_uv(), "… fetching the installer uv " + pinned_uv())
    shutil.rmtree(TOOLS, ignore_errors=True)
    environment = dict(os.environ, PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    options = [
        "install",
        "--quiet",
        "--target",
        TOOLS,
        "--no-deps",
        "--require-hashes",
        "--only-binary",
        ":all:",
    ]
    lock = os.path.join(LOCKS, "uv.lock")
    tried = []
    for python, version in found:
        if version < (3, 8) or ask(python, "import pip") is None:
            continue
        done = subprocess.run(
            [python, "-m", "pip", *options, "-r", lock],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            with open(mark, "w") as stream:
                stream.write(pinned_uv())
            return program
        tried.append(done.stdout.decode("utf-8", "replace").strip()[-600:])
    if not tried:
        made = with_ensurepip(found, [*options, "-r", lock], environment)
        if made:
            with open(mark, "w") as stream:
                stream.write(pinned_uv())
            return program
        fail(
            "没有可用的 pip,无法获取安装工具。请安装 python3-pip 或 python3-venv",
            "No interpreter has pip, so the installer cannot be fetched. Install python3-pip or python3-venv "
            "(Debian/Ubuntu: apt install python3-pip).",
            3,
        )
    return fail(
        "获取 uv 失败。请检查网络、代理或镜像（PIP_INDEX_URL）。pip 的最后输出:\n" + tried[-1],
        "uv cannot be fetched. Check network, proxy or mirror (PIP_INDEX_URL). The last words of pip:\n"
        + tried[-1],
        3,
    )


def with_ensurepip(found, options, environment):
    """Fetch with a pip that `ensurepip` unpacks into a passing environment; whether that worked."""
    for python, version in found:
        if version < OLDEST or ask(python, "import ensurepip") is None:
            continue
        passing = os.path.join(ROOT, "build", "pip")
        made = subprocess.run([python, "-m", "venv", passing], stdout=subprocess.DEVNULL, check=False)
        if made.returncode == 0:
            done = subprocess.run(
                [os.path.join(passing, "bin", "python"), "-m", "pip", *options], env=environment, check=False
            )
            shutil.rmtree(passing, ignore_errors=True)
            if done.returncode == 0:
                return True
    return False


def pip_settings(python):
    """pip's own settings as its configuration files give them: name → value, without their sections."""
    try:
        done = subprocess.run(
            [python, "-m", "pip", "config", "list"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return {}
    settings = {}
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        match = re.match(r"(?:global|install|:env:)\.([\w-]+)='(.*)'$", line.strip())
        if match:
            settings[match.group(1).replace("_", "-")] = match.group(2).replace("\\n", " ")
    return settings


def uv_environment(found, environ):
    """The environment for `uv`, with the settings that the administrator made for pip.

    A mirror or a certificate is set up once for pip on most closed networks; `uv` reads other names.
    """
    settings = {}
    for python, _version in found:
        settings = pip_settings(python)
        if settings:
            break
    for name, value in environ.items():
        if name.startswith("PIP_"):
            settings[name[4:].lower().replace("_", "-")] = value
    environment = {
        name: value for name, value in environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")
    }
    links = [
        link
        for link in settings.get("find-links", "").split()
        if "://" in link or os.path.isdir(os.path.expanduser(link))
    ]
    mapped = {
        "UV_DEFAULT_INDEX": settings.get("index-url"),
        "UV_INDEX": settings.get("extra-index-url"),
        "UV_FIND_LINKS": ",".join(links),
        "SSL_CERT_FILE": settings.get("cert"),
        "UV_HTTP_TIMEOUT": settings.get("default-timeout") or settings.get("timeout"),
        "UV_INSECURE_HOST": settings.get("trusted-host"),
        "UV_NO_INDEX": "1" if settings.get("no-index") in ("1", "true", "yes") else None,
    }
    for name, value in mapped.items():
        if value and name not in environment:
            environment[name] = value
    environment["UV_PYTHON_DOWNLOADS"] = "never"
    return environment


def uv(program, arguments, environment):
    """Run `uv`; its own progress is shown. Ends with a message when it fails."""
    code = subprocess.run([program, *arguments], cwd=ROOT, env=environment, check=False).returncode
    if code != 0:
        fail(
            "安装依赖失败（见上）。请检查网络、代理、镜像和磁盘空间，然后重新运行；已下载的部分不会重下。",
            "The requirements could not be installed (see above). Check network, proxy, mirror, disk, then "
            "run again; what was fetched is kept.",
            4,
        )


def install(kind):
    """Bring `.venv` to what the lock of ``kind`` says."""
    begun = time.time()
    found = interpreters()
    python = choose(found)
    program = uv_program(found)
    environment = uv_environment(found, os.environ)
    inside = os.path.join(VENV, "bin", "python")
    if not (os.path.exists(inside) and OLDEST <= (version_of(inside) or (0, 0)) <= NEWEST):
        say("… 创建虚拟环境 .venv(" + python + ")", "… making the virtual environment .venv (" + python + ")")
        uv(program, ["venv", "--quiet", "--clear", "--python", python, VENV], environment)
    say(
        "… 安装锁定的依赖(" + LOCK_OF[kind] + ")",
        "… installing the locked requirements (" + LOCK_OF[kind] + ")",
    )
    common = ["pip", "install", "--python", inside]
    lock = os.path.join("config", "locks", LOCK_OF[kind])
    uv(program, [*common, "--require-hashes", "--no-deps", "-r", lock], environment)
    uv(program, [*common, "--quiet", "--no-deps", "--no-build-isolation", "--editable", "."], environment)
    for each in LOCK_OF:
        # the test lock holds everything of the other one
        if kind in (each, "test"):
            with open(stamp(each), "w") as stream:
                stream.write(fingerprint(each))
    seconds = "%.0f s" % (time.time() - begun)
    say("✓ 依赖就绪  " + seconds, "✓ requirements ready  " + seconds)


def main():
    """Install the set named on the command line unless it is there."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    if kind not in LOCK_OF:
        fail("用法：bootstrap.py run|test", "Usage: bootstrap.py run|test", 2)
    if sys.platform not in ("linux", "darwin"):
        fail(
            "本地运行环境支持 Linux 和 macOS;Windows 请在 WSL 中运行。",
            "The local stack runs on Linux and macOS; on Windows use WSL.",
            2,
        )
    if not is_ready(kind):
        install(kind)


if __name__ == "__main__":
    main()
