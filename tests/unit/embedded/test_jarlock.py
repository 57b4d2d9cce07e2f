"""The lock of Java archives: reading, refusing, rewriting."""

from __future__ import annotations

import pytest

from ckanext.govdata.embedded import jarlock
from ckanext.govdata.embedded.errors import JarError
from ckanext.govdata.embedded.jarlock import Jar

HASH = "0123456789abcdef" * 4


def test_a_line_names_coordinates_hash_and_size() -> None:
    sets = jarlock.parse(f"# why\n[solr]\norg.apache.solr:solr-core:9.10.1 {HASH} 42\n")
    assert sets == {"solr": (Jar("org.apache.solr", "solr-core", "9.10.1", "", HASH, 42),)}


def test_the_path_follows_the_layout_of_a_maven_repository() -> None:
    (jar,) = jarlock.parse(f"[s]\nio.netty:netty-x:4.1:linux-x86_64 {HASH} 1\n")["s"]
    assert jar.path == "io/netty/netty-x/4.1/netty-x-4.1-linux-x86_64.jar"


@pytest.mark.parametrize(
    "text",
    [
        "[s]\na:b 00 1\n",
        f"a:b:1 {HASH} 1\n",
        f"[s]\na:b:1 {HASH[:-1]} 1\n",
        f"[s]\na:b:1 {HASH}\n",
        f"[s]\na:../b:1 {HASH} 1\n",
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_number(text: str) -> None:
    with pytest.raises(JarError) as refused:
        jarlock.parse(text)
    assert f"Line {text.rstrip().count(chr(10)) + 1}" in refused.value.message.en


def test_rewriting_replaces_hash_and_size_and_keeps_the_comments() -> None:
    text = "# why\n\n[s]\na:b:1 - -\n"
    fresh = Jar("a", "b", "1", "", HASH, 7)
    assert jarlock.rewrite(text, [fresh]) == f"# why\n\n[s]\na:b:1 {HASH} 7\n"


def test_rewriting_with_what_was_read_changes_nothing() -> None:
    text = jarlock.LOCK.read_text(encoding="utf-8")
    every = [jar for group in jarlock.parse(text).values() for jar in group]
    assert jarlock.rewrite(text, every) == text


def test_the_lock_of_the_project_is_complete() -> None:
    sets = jarlock.read()
    assert set(sets) == {"solr", "jetty", "s3", "webjars"}
    assert all(jar.sha256 and jar.size for group in sets.values() for jar in group)


def test_solr_comes_without_the_servlet_container_that_would_clash_with_the_runner() -> None:
    names = {f"{jar.artifact}-{jar.version}" for jar in jarlock.read()["solr"]}
    assert not [name for name in names if name.startswith(("jetty-server-9.4", "jetty-servlet-api"))]
    assert {"lucene-analysis-smartcn-9.12.3", "lucene-analysis-icu-9.12.3"} <= names


def test_the_lock_names_no_host() -> None:
    assert "://" not in jarlock.LOCK.read_text(encoding="utf-8")
