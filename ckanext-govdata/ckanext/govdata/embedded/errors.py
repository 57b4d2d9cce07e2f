"""Errors of the embedded stack.

StackError
├── PortTaken           a port that the stack needs belongs to another program
├── JarError            a Java archive is missing, damaged or cannot be fetched
├── ServiceFailed       a service did not come up, or fell over while coming up
└── HomeUnusable        the home folder cannot hold the stack
"""

from __future__ import annotations

from .messages import Message


class StackError(Exception):
    """Something that an operator can mend; says what is wrong and how to mend it in two languages.

    ``exit_code`` is what the ``govdata`` command returns for it.
    """

    code = "stack_error"
    exit_code = 1

    def __init__(self, message: Message) -> None:
        super().__init__(f"{message.zh} / {message.en}")
        self.message = message


class PortTaken(StackError):
    """A port that the stack needs belongs to another program."""

    code = "port_taken"
    exit_code = 3


class JarError(StackError):
    """A Java archive is missing, damaged or cannot be fetched."""

    code = "jar_error"
    exit_code = 4


class ServiceFailed(StackError):
    """A service did not come up, or fell over while coming up."""

    code = "service_failed"
    exit_code = 5


class HomeUnusable(StackError):
    """The home folder cannot hold the stack."""

    code = "home_unusable"
    exit_code = 6
