"""Why something was refused, and every error the library raises.

A refusal is made of :class:`Reason` values: the id of the rule, the field, what is wrong and the way out. Programs read the
fields, people read the message, and a host translates by ``rule`` and ``params``.

    RecoveryError
    ├── InvalidValue        a value that cannot be built at all (gate one; also a ValueError)
    ├── Refused             an act that the stage table or the rules refuse (gates two and three)
    ├── BadDefinition       a stage table, clock, calendar or policy that cannot work (also a ValueError)
    ├── CaseNotFound        no case under that id (also a LookupError)
    ├── ConflictingChange   somebody else changed the case first
    ├── KeyReused           the same idempotency key with other content
    ├── StoreUnusable       a file or database the store cannot work with
    ├── Undecodable         stored data that cannot be read (recovery.codec)
    ├── MissingExtra        an optional dependency that is not installed (also an ImportError)
    ├── MailServerTrouble   the mail server takes no mail now; the message is tried again (recovery.notifiers)
    └── Undeliverable       raised by a notifier: this message can never be delivered
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum

import attrs
from attrs import frozen

__all__ = [
    "BadDefinition",
    "CaseNotFound",
    "ConflictingChange",
    "InvalidValue",
    "KeyReused",
    "MissingExtra",
    "Param",
    "Reason",
    "RecoveryError",
    "Refused",
    "StoreUnusable",
    "Strength",
    "Undeliverable",
]

Param = str | int | float | bool | datetime | None


class Strength(Enum):
    """How hard a rule holds: ``must`` refuses the act, ``should`` allows it and warns, ``off`` is silent."""

    OFF = "off"
    SHOULD = "should"
    MUST = "must"


@frozen(kw_only=True)
class Reason:
    """One reason why an act is refused, or one warning about what was allowed or reported.

    ``rule`` is the id of a practice rule, or of the families ``input.*`` (a value that cannot be) and ``stage.*`` (a step the
    table of stages does not have). ``hint`` is the way out. ``params`` holds what the message was made of.
    """

    rule: str
    message: str
    field: str | None = None
    hint: str = ""
    params: Mapping[str, Param] = attrs.field(factory=dict[str, Param], hash=False)
    strength: Strength = Strength.MUST

    def __str__(self) -> str:
        where = f" ({self.field})" if self.field else ""
        way_out = f" {self.hint}" if self.hint else ""
        return f"[{self.rule}]{where} {self.message}{way_out}"


class RecoveryError(Exception):
    """The root of every error this library raises on purpose."""

    @property
    def hint(self) -> str:
        """The way out, where there is one."""
        return ""


class _Reasoned(RecoveryError):
    """An error that is made of reasons."""

    def __init__(self, reasons: Iterable[Reason], heading: str) -> None:
        self.reasons: tuple[Reason, ...] = tuple(reasons)
        super().__init__("\n".join((heading, *(f"  - {reason}" for reason in self.reasons))))

    @property
    def hint(self) -> str:
        """The hints of all reasons, joined."""
        return " ".join(reason.hint for reason in self.reasons if reason.hint)


class InvalidValue(_Reasoned, ValueError):
    """A value that cannot be built: every fault, each with its field and the way out. Nothing has been saved."""

    def __init__(self, what: str, reasons: Iterable[Reason]) -> None:
        self.what = what
        super().__init__(reasons, f"{what} is not valid:")


class Refused(_Reasoned):
    """An act that was refused: every reason of the gate that failed. Nothing has been changed or saved.

    ``index`` is the place of the refused command in the batch, counted from 0.
    """

    def __init__(self, command: str, reasons: Iterable[Reason], *, case_id: str | None = None, index: int = 0) -> None:
        self.command = command
        self.case_id = case_id
        self.index = index
        super().__init__(reasons, f"{command} is refused:")


class BadDefinition(RecoveryError, ValueError):
    """A stage table, clock, calendar or policy that cannot work: one error that lists every fault."""

    def __init__(self, what: str, faults: Iterable[str]) -> None:
        self.what = what
        self.faults: tuple[str, ...] = tuple(faults)
        super().__init__("\n".join((f"{what} cannot work:", *(f"  - {fault}" for fault in self.faults))))


class CaseNotFound(RecoveryError, LookupError):
    """No case is stored under this id or reference."""

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        super().__init__(f"There is no case {case_id!r}. Look it up with find(), or check the reference for a slip.")


class ConflictingChange(RecoveryError):
    """The case was changed by somebody else since it was read. Load it again and decide anew.

    ``final`` says that this cannot work inside the transaction that the host has open: it is for the host to do all of it again.
    """

    def __init__(self, case_id: str, expected: int, found: int | None = None, *, final: bool = False) -> None:
        self.case_id = case_id
        self.expected = expected
        self.found = found
        self.final = final
        now_at = "another version" if found is None else f"version {found}"
        told = f"was expected at version {expected} but is at {now_at}"
        if found == expected:
            told = f"is at version {found}, as expected, but somebody else was faster with what was to be saved with it"
        way_out = "End your transaction and do all of it again." if final else "Load it and decide again."
        super().__init__(f"Case {case_id!r} {told}. {way_out}")


class KeyReused(RecoveryError):
    """The same idempotency key came with other content. Use a fresh key for each new intention."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"The key {key!r} was used before with other content. Use a fresh key for each new intention.")


class StoreUnusable(RecoveryError):
    """A file or database that the store cannot work with: what it is, why not, and the way out.

    ``passing`` says that it may pass by itself, as where a server cannot be reached or somebody has locked the file: a worker waits
    and tries again. Else somebody has to mend it first.
    """

    def __init__(self, where: str, why: str, way_out: str, *, passing: bool = False) -> None:
        self.where = where
        self.why = why
        self.passing = passing
        self._way_out = way_out
        super().__init__(f"The store {where!r} cannot be used: {why}. {way_out}")

    @property
    def hint(self) -> str:
        """What to do about it."""
        return self._way_out


class MissingExtra(RecoveryError, ImportError):
    """An optional part was used without its dependency. The message names the extra to install."""

    def __init__(self, package: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"This needs the package {package!r}: python -m pip install 'customer-recovery[{extra}]'")


class Undeliverable(RecoveryError):
    """Raised by a notifier when a message can never be delivered (an address that does not exist). It is not tried again."""
