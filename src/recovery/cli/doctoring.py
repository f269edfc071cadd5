"""``recovery doctor``: what must not be, and what was mended of it."""

from __future__ import annotations

from collections.abc import Sequence

from recovery.cli.console import screen
from recovery.cli.opening import open_desk, open_view
from recovery.cli.patience import busy
from recovery.cli.reporting import heading, print_json
from recovery.cli.tables import findings_list
from recovery.codec import instant_to_text, to_dict
from recovery.ports.values import Finding

__all__ = ["examined"]


def examined(*, mend: bool, quick: bool, place: tuple[str | None, str | None, str | None], as_json: bool) -> int:
    """Show what must not be, and mend it if wanted; return 1 if there is anything left."""
    with busy("Mending" if mend else "Examining") as tell:
        # Whoever mends needs the policy of the desk: it says when a case is looked at next.
        view = open_desk(*place) if mend else open_view(*place)
        findings = view.desk.doctor(mend=mend, quick=quick, progress=tell)
    if as_json:
        print_json({"now": instant_to_text(view.now), "findings": [to_dict(finding) for finding in findings]})
    else:
        console = screen()
        console.print(heading(view), soft_wrap=True)
        console.print(findings_list(findings, quick=quick))
    return 1 if _left(findings) else 0


def _left(findings: Sequence[Finding]) -> bool:
    return any(not finding.mended for finding in findings)
