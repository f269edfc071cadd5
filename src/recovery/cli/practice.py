"""The commands about the practice behind a desk: its rules, its policy, its stages."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from recovery.cli.parameters import Database, Json, PolicyFile, command

__all__ = ["diagram", "policy", "rules"]


@command
def rules(
    rule: Annotated[str | None, Parameter(help="The id of one rule, to read all about it.")] = None,
    /,
    *,
    json: Json = False,
) -> int:
    """Show the rules of the practice: what each protects the customer from, and how hard it holds.

    For example:

        recovery rules
        recovery rules follow-up.after-delivery

    Next: recovery policy show, which says how hard they hold at your desk.
    """
    from recovery.cli.console import screen  # noqa: PLC0415
    from recovery.cli.reporting import print_json  # noqa: PLC0415
    from recovery.cli.rules import as_document, entry_page, found, rule_table  # noqa: PLC0415

    shown = found(rule)
    if json:
        print_json({"rules": [as_document(entry) for entry in shown]})
    else:
        screen().print(rule_table(shown) if rule is None else entry_page(shown[0]))
    return 0


@command
def policy(
    action: Annotated[Literal["show", "check"], Parameter(help="Show the policy that holds, or check a policy file.")] = "show",
    file: Annotated[str | None, Parameter(help="A policy file. Default: the one of the desk in this folder.")] = None,
    /,
    *,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show the policy that holds here: hours, people, routes, clocks with their lengths, rules with their strength.

    With check, every fault of a policy file is told with its path (and the exit code is 2), or what differs from the practice as
    it stands. Running cases keep the clocks and the hours they began with until somebody moves them: recovery do CASE move-policy.

    For example:

        recovery policy
        recovery policy check
        recovery policy check new.toml

    Next: recovery rules RULE, which tells all about one rule.
    """
    from recovery.cli.policing import checked, shown  # noqa: PLC0415

    return (checked if action == "check" else shown)(file or policy, db, as_json=json)


@command
def diagram(*, format: Annotated[Literal["mermaid", "markdown", "dot"], Parameter(help="For which reader.")] = "mermaid") -> int:
    """Print the stages of a case as a diagram: Mermaid text, a Markdown page with it, or text for Graphviz.

    For example:

        recovery diagram --format markdown > stages.md
        recovery diagram --format dot | dot -Tsvg > stages.svg

    Next: recovery rules, for there are no guards but the rules.
    """
    from recovery.cli.diagram import diagram as draw  # noqa: PLC0415

    print(draw(format))
    return 0
