"""Errors: fields, not only text, and the way out in every one."""

from __future__ import annotations

import pytest

from recovery.core import errors
from recovery.core.errors import (
    BadDefinition,
    CaseNotFound,
    ConflictingChange,
    InvalidValue,
    KeyReused,
    MissingExtra,
    Reason,
    RecoveryError,
    Refused,
    StoreUnusable,
    Strength,
    Undeliverable,
)

TOO_SOON = Reason(rule="follow-up.not-too-soon", message="it is too soon.", hint="Wait.", params={"hours": 3})
NO_WORDS = Reason(rule="acknowledge.says", field="word.text", message="it says nothing.")


def test_a_reason_reads_as_a_line() -> None:
    """A reason reads as its rule, its field, what is wrong, and the way out, each where there is one."""
    assert str(TOO_SOON) == "[follow-up.not-too-soon] it is too soon. Wait."
    assert str(NO_WORDS) == "[acknowledge.says] (word.text) it says nothing."
    assert TOO_SOON.strength is Strength.MUST


def test_reasons_can_be_gathered_in_a_set() -> None:
    """Reasons are values: equal ones are one, whatever they were made of can be read back."""
    again = Reason(rule="follow-up.not-too-soon", message="it is too soon.", hint="Wait.", params={"hours": 3})
    assert len({TOO_SOON, again, NO_WORDS}) == 2
    assert again.params == {"hours": 3}


def test_a_refusal_carries_every_reason() -> None:
    """A refusal names the command, the case, its place in the batch, all reasons, and all ways out."""
    refused = Refused("follow_up", [TOO_SOON, NO_WORDS], case_id="case-1", index=2)
    assert (refused.command, refused.case_id, refused.index) == ("follow_up", "case-1", 2)
    assert refused.reasons == (TOO_SOON, NO_WORDS)
    assert refused.hint == "Wait."
    assert str(refused) == (
        "follow_up is refused:\n"
        "  - [follow-up.not-too-soon] it is too soon. Wait.\n"
        "  - [acknowledge.says] (word.text) it says nothing."
    )


@pytest.mark.parametrize(
    ("error", "also", "parts"),
    [
        (InvalidValue("Word", [NO_WORDS]), ValueError, ("Word is not valid", "it says nothing")),
        (BadDefinition("the policy", ["a", "b"]), ValueError, ("the policy cannot work", "- a", "- b")),
        (CaseNotFound("case-7"), LookupError, ("'case-7'", "find()")),
        (MissingExtra("rich", "cli"), ImportError, ("'rich'", "customer-recovery[cli]")),
        (ConflictingChange("case-7", 3, 4), RecoveryError, ("'case-7'", "version 3", "version 4")),
        (ConflictingChange("case-7", 3), RecoveryError, ("another version", "decide again")),
        (KeyReused("k-1"), RecoveryError, ("'k-1'", "fresh key")),
        (StoreUnusable("a.db", "it is no database", "Choose another file."), RecoveryError, ("'a.db'", "no database")),
        (Undeliverable("no such mailbox"), RecoveryError, ("no such mailbox",)),
    ],
)
def test_each_error_says_what_and_how_on(error: RecoveryError, also: type[Exception], parts: tuple[str, ...]) -> None:
    """Every error is a RecoveryError, and also the standard error it is a kind of; its text names the thing and the way out."""
    assert isinstance(error, RecoveryError)
    assert isinstance(error, also)
    assert all(part in str(error) for part in parts)


def test_the_way_out_is_a_field() -> None:
    """The way out can be read without taking the text apart."""
    assert StoreUnusable("a.db", "it is read-only", "Make it writable.").hint == "Make it writable."
    assert KeyReused("k").hint == ""
    assert InvalidValue("Word", [TOO_SOON, TOO_SOON]).hint == "Wait. Wait."


def test_every_error_is_public() -> None:
    """Whatever the library raises on purpose can be imported by name."""
    raised = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, RecoveryError)}
    assert {name for name in raised if not name.startswith("_")} <= set(errors.__all__)
