"""What is filed, as plain values: the agreement, the decision below it, consents, attachments.

Other domains hand these in; nothing here knows their tables.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from licensing.core.errors import InvalidInput
from licensing.core.store.text import refuse_unstorable

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Short = Annotated[str, Meta(max_length=300)]
Long = Annotated[str, Meta(max_length=4000)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
T = TypeVar("T")


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class PartyFacts(_Value, frozen=True):
    """One party. ``identifier``: unified social credit code, or a natural person's opaque reference."""

    id: Id
    kind: Literal["department", "partner", "person"]
    role: Literal["provider", "applicant"]
    name: Short
    identifier: Short

    def as_filed(self) -> dict[str, str]:
        """As it stands in a package and in the register: a natural person's name is left out."""
        name = "" if self.kind == "person" else self.name
        return {
            "id": self.id,
            "kind": self.kind,
            "role": self.role,
            "name": name,
            "identifier": self.identifier,
        }


class DatasetFacts(_Value, frozen=True):
    """A dataset with the names of those of its fields that are meant."""

    id: Id
    fields: tuple[Short, ...]


class AgreementFacts(_Value, frozen=True):
    """What an agreement says. ``begins`` and ``ends`` are its first and its last day.

    ``document_id`` is the signed document in :mod:`licensing.signatures`.
    """

    id: Id
    number: Short
    status: Short
    parties: tuple[PartyFacts, ...]
    datasets: tuple[DatasetFacts, ...]
    purpose: Long
    system: Short
    begins: date
    ends: date
    document_id: Id
    case_id: Id

    def party(self, role: str) -> PartyFacts:
        """The party of that role.

        Raises:
            InvalidInput: there is none, or several.
        """
        found = [each for each in self.parties if each.role == role]
        if len(found) != 1:
            raise InvalidInput(
                "协议应当有一个提供方和一个使用方。", "An agreement has one provider and one applicant."
            )
        return found[0]


class DecisionFacts(_Value, frozen=True):
    """What the case decided: nothing that is filed may go beyond it."""

    case_id: Id
    approved: bool
    datasets: tuple[DatasetFacts, ...]
    purpose: Long = ""


class ConsentFacts(_Value, frozen=True):
    """The original provider's consent to pass on what was shared in (JS-17, HB-14)."""

    dataset: Id
    department: Id
    sha256: Digest


class Attachment(_Value, frozen=True):
    """A file of the package, by its digest; ``name`` is a file name and names no person."""

    kind: Literal["plan", "agreement", "decision", "consent", "security", "other"]
    name: Short
    sha256: Digest
    size: Annotated[int, Meta(ge=0)]


class Submission(_Value, frozen=True):
    """Everything that a department files."""

    agreement: AgreementFacts
    decision: DecisionFacts
    plan: Long
    consents: tuple[ConsentFacts, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def parse(data: object, kind: type[T]) -> T:
    """A value out of plain data.

    Raises:
        InvalidInput: ill-typed; the message names the place, never the value.
    """
    refuse_unstorable(data)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            "报送内容的格式有误（{where}），请检查后重新提交。",
            "What was sent is not well-formed ({where}); check it and send it again.",
            where=str(error).rpartition(" - at ")[2].strip("`") or "$",
        ) from None


def plain(value: msgspec.Struct) -> dict[str, Any]:
    """As JSON has it: dates are ISO text."""
    data: dict[str, Any] = msgspec.to_builtins(value)
    return data
