"""Ports: free or taken, and by whom."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from ckanext.govdata.embedded import ports
from ckanext.govdata.embedded.errors import PortTaken
from ckanext.govdata.embedded.messages import Message


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_not_free(taken: int) -> None:
    assert not ports.is_free("127.0.0.1", taken)
    assert ports.answers("127.0.0.1", taken)


def test_a_port_is_free_again_when_its_listener_is_gone() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
    assert ports.is_free("127.0.0.1", port)


def test_the_holder_of_a_port_is_named(taken: int) -> None:
    assert ports.holder(taken).pid == os.getpid()


def test_a_taken_port_is_refused_with_its_holder_and_the_variable_that_chooses_another(taken: int) -> None:
    with pytest.raises(PortTaken) as refused:
        ports.require_free("127.0.0.1", taken, Message("门户", "portal"), "GOVDATA_PORT")
    for sentence in refused.value.message:
        assert str(taken) in sentence
        assert str(os.getpid()) in sentence
        assert "GOVDATA_PORT=" in sentence
    assert refused.value.exit_code == 3


def test_a_block_of_free_ports_is_free() -> None:
    base = ports.free_block(4)
    assert all(ports.is_free("127.0.0.1", base + offset) for offset in range(4))
