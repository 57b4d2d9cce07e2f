"""The S3 server of the embedded stack: S3Proxy over a folder, on loopback, signed requests only."""

from __future__ import annotations

import os

import requests

from . import jarlock, jars, java
from .ckan_config import PUBLIC_BUCKET, STAGING_BUCKET, write_private
from .home import Home
from .secrets import Secrets

_LOGBACK = """\
<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{ISO8601} %-5level %logger{24} %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="out"/></root>
</configuration>
"""


def _properties(text: str) -> str:
    """``text`` as a value of a Java properties file."""
    escaped = text.replace("\\", "\\\\")
    return "".join(sign if ord(sign) < 128 else f"\\u{ord(sign):04x}" for sign in escaped)


def prepare(home: Home, secrets: Secrets) -> None:
    """Write the configuration (mode 600: it holds the key) and make both buckets, which are folders."""
    for bucket in (STAGING_BUCKET, PUBLIC_BUCKET):
        (home.data / "s3" / bucket).mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = {
        "s3proxy.endpoint": f"http://127.0.0.1:{home.s3_port}",
        "s3proxy.authorization": "aws-v2-or-v4",
        "s3proxy.identity": secrets.s3_key,
        "s3proxy.credential": secrets.s3_secret,
        "s3proxy.ignore-unknown-headers": "true",
        "s3proxy.v4-max-non-chunked-request-size": str(128 << 20),
        "jclouds.provider": "filesystem-nio2",
        "jclouds.filesystem.basedir": str(home.data / "s3"),
    }
    text = "".join(f"{name}={_properties(value)}\n" for name, value in settings.items())
    write_private(home.etc / "s3.properties", text)
    write_private(home.etc / "s3-logback.xml", _LOGBACK)


def command(home: Home) -> list[str]:
    """The server's command line."""
    path = os.pathsep.join(str(jars.cached(jar)) for jar in jarlock.read()["s3"])
    return [
        *java.options(home.tmp, heap_megabytes=512),
        f"-Dlogback.configurationFile={home.etc / 's3-logback.xml'}",
        "-cp",
        path,
        "org.gaul.s3proxy.Main",
        "--properties",
        str(home.etc / "s3.properties"),
    ]


def is_ready(home: Home) -> bool:
    """Whether the server answers; an unsigned request is refused, which is an answer."""
    try:
        answer = requests.get(f"http://127.0.0.1:{home.s3_port}/", timeout=5)
    except requests.RequestException:
        return False
    return answer.status_code in (requests.codes.ok, requests.codes.forbidden)
