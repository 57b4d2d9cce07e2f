"""Solr of the embedded stack: its jars as a web application inside Jetty, on the loopback interface.

The core ``ckan`` takes schema and analyzers from ``config/solr/conf``.
"""

from __future__ import annotations

import filecmp
import hashlib
import shutil
from pathlib import Path

import requests

from . import jarlock, jars, java
from .ckan_config import write_private
from .home import CHECKOUT, Home

CONFIGURATION = CHECKOUT / "config" / "solr"
CORE = "ckan"
_WEB_XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="4.0" metadata-complete="true">
  <listener><listener-class>org.apache.solr.servlet.CoreContainerProvider</listener-class></listener>
  <filter>
    <filter-name>SolrRequestFilter</filter-name>
    <filter-class>org.apache.solr.servlet.SolrDispatchFilter</filter-class>
  </filter>
  <filter-mapping>
    <filter-name>SolrRequestFilter</filter-name>
    <url-pattern>/*</url-pattern>
  </filter-mapping>
</web-app>
"""
_SOLR_XML = """\
<solr>
  <int name="maxBooleanClauses">4096</int>
  <metrics enabled="false"/>
</solr>
"""
_LOG4J = """\
<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders>
    <Console name="out" target="SYSTEM_OUT"><PatternLayout pattern="%d %p %c{1} %m%n"/></Console>
  </Appenders>
  <Loggers><Root level="warn"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
"""


def _webapp(home: Home) -> Path:
    return home.root / "solr" / "webapp"


def _home(home: Home) -> Path:
    return home.data / "solr"


def prepare(home: Home) -> bool:
    """Lay out the web application (links into the jar cache), the Solr home and the core's configuration.

    True when the core's configuration is another one than before: a running Solr must then be restarted.
    """
    library = _webapp(home) / "WEB-INF" / "lib"
    library.mkdir(parents=True, exist_ok=True)
    wanted = {jar.filename: jars.cached(jar) for jar in jarlock.read()["solr"]}
    for present in list(library.iterdir()):
        if present.name not in wanted or present.resolve() != wanted[present.name].resolve():
            present.unlink()
    for name, target in wanted.items():
        link = library / name
        if not link.is_symlink():
            link.symlink_to(target)
    write_private(_webapp(home) / "WEB-INF" / "web.xml", _WEB_XML)
    core = _home(home) / CORE
    core.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(_home(home) / "solr.xml", _SOLR_XML)
    write_private(core / "core.properties", f"name={CORE}\n")
    write_private(home.etc / "solr-log4j2.xml", _LOG4J)
    return _mirror(CONFIGURATION / "conf", core / "conf")


def fingerprint() -> str:
    """Changes when the schema, an analyzer or a word list changes: the index must then be built anew."""
    digest = hashlib.sha256()
    for path in sorted(path for path in (CONFIGURATION / "conf").rglob("*") if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _mirror(source: Path, target: Path) -> bool:
    """Make ``target`` hold the files of ``source`` and no others; whether anything changed."""
    changed = False
    target.mkdir(parents=True, exist_ok=True)
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    for path in [path for path in target.rglob("*") if path.is_file()]:
        if path.relative_to(target) not in wanted:
            path.unlink()
            changed = True
    for relative in wanted:
        goal = target / relative
        if not goal.is_file() or not filecmp.cmp(source / relative, goal, shallow=False):
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / relative, goal)
            changed = True
    return changed


def command(home: Home) -> list[str]:
    """The server's command line."""
    (runner,) = jarlock.read()["jetty"]
    return [
        *java.options(home.tmp, heap_megabytes=768),
        f"-Dsolr.solr.home={_home(home)}",
        f"-Dsolr.install.dir={home.root / 'solr'}",
        f"-Dsolr.log.dir={home.logs}",
        f"-Dlog4j2.configurationFile={(home.etc / 'solr-log4j2.xml').as_uri()}",
        "-Dlog4j2.formatMsgNoLookups=true",
        "-Dsolr.security.manager.enabled=false",
        "-jar",
        str(jars.cached(runner)),
        "--host",
        "127.0.0.1",
        "--port",
        str(home.solr_port),
        "--path",
        "/solr",
        str(_webapp(home)),
    ]


def is_ready(home: Home) -> bool:
    """Whether the core answers."""
    try:
        answer = requests.get(f"http://127.0.0.1:{home.solr_port}/solr/{CORE}/admin/ping", timeout=5)
    except requests.RequestException:
        return False
    return answer.ok
