"""How a fault is told: every reason with its rule, its field and the way out, or the same as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from recovery.cli.console import errors
from recovery.core.errors import BadDefinition, CaseNotFound, InvalidValue, Reason, RecoveryError, Refused

__all__ = ["as_document", "reason_list", "tell"]


def tell(error: Exception, *, as_json: bool) -> int:
    """Say what went wrong, on standard error, or as the one JSON document on standard output; return the exit code, 2."""
    if as_json:
        print(json.dumps(as_document(error), ensure_ascii=False, indent=2))
    else:
        errors().print(_told(error), soft_wrap=not _has_reasons(error))
    return 2


def as_document(error: Exception) -> dict[str, object]:
    """Return a fault as plain data: ``error`` (what kind), ``message``, ``hint``, and what the kind has: reasons, faults."""
    from recovery.codec import to_dict  # noqa: PLC0415  (only for those who want JSON)

    lines = _plain(error).splitlines() or [type(error).__name__]
    found: dict[str, object] = {"error": type(error).__name__, "message": lines[0].removesuffix(":")}
    if isinstance(error, (InvalidValue, Refused)):
        found["reasons"] = [to_dict(reason) for reason in error.reasons]
    elif isinstance(error, BadDefinition):
        found["faults"] = list(error.faults)
    elif isinstance(error, RecoveryError) and error.hint:
        found["hint"] = error.hint
    if isinstance(error, Refused):
        found |= {"command": error.command, "index": error.index}
    if isinstance(error, (Refused, CaseNotFound)):
        found["case_id"] = error.case_id
    return found


def _has_reasons(error: Exception) -> bool:
    return isinstance(error, (InvalidValue, Refused))


def _told(error: Exception) -> RenderableType:
    if isinstance(error, (InvalidValue, Refused)):
        return Group(Text(str(error).splitlines()[0], style="bold"), Padding(reason_list(error.reasons), (0, 0, 0, 2)))
    if isinstance(error, OSError) and not isinstance(error, RecoveryError):
        return Text(_plain(error))
    return Text(str(error) if isinstance(error, RecoveryError) else f"{type(error).__name__}: {error}")


def _plain(error: Exception) -> str:
    """Return what an error says; of a file, which it is and why it cannot be used."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"The file {str(error.filename)!r} cannot be used: {error.strerror[:1].lower()}{error.strerror[1:]}."
    return str(error)


def reason_list(reasons: Iterable[Reason]) -> Table:
    """Return every reason: the rule, what is wrong, and the way out."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for reason in reasons:
        where = f" ({reason.field})" if reason.field and reason.field not in reason.message else ""
        text = Text(f"{reason.message}{where}")
        if reason.hint:
            text.append(f"\n{reason.hint}", style="dim")
        table.add_row(reason.rule, text)
    return table
