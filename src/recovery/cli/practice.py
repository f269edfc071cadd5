"""The commands about the practice behind a desk: its rules, its policy, its stages."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from recovery.cli.parameters import ChannelName, Database, Json, PolicyFile, command

__all__ = ["check_text", "diagram", "policy", "route", "rules"]


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
def route(  # noqa: PLR0913  (one parameter for each option)
    *,
    channel: Annotated[ChannelName, Parameter(help="How it comes in.")] = "email",
    category: Annotated[str | None, Parameter(help="What it is about, as your routes name it.")] = None,
    region: Annotated[str | None, Parameter(help="The region it is about.")] = None,
    brand: Annotated[str | None, Parameter(help="The brand it is about.")] = None,
    language: Annotated[str | None, Parameter(help="The customer's language, such as de.")] = None,
    severity: Annotated[
        Literal["minor", "normal", "serious", "critical"] | None, Parameter(help="How serious it is for the customer.")
    ] = None,
    customer_id: Annotated[str | None, Parameter(help="Your own customer number.")] = None,
    away: Annotated[list[str] | None, Parameter(negative="", help="Somebody who is away. May be given several times.")] = None,
    explain: Annotated[
        bool, Parameter(negative="", show_default=False, help="Why: every route, and everybody who is asked.")
    ] = False,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Show who would look after what comes in, and by which procedure. Nothing is changed.

    A policy is enough; beside a database, how much everybody has to do counts as well, where the policy asks for it.

    For example:

        recovery route --category refund --explain
        recovery route --channel letter --language de --severity critical
        recovery route --away ana --explain

    Next: recovery policy, which lists the routes.
    """
    from recovery.cli.routing import routed  # noqa: PLC0415

    given: dict[str, str | None] = {
        "channel": channel, "category": category, "region": region, "brand": brand, "language": language, "severity": severity,
        "customer_id": customer_id,
    }  # fmt: skip
    return routed(given, away or (), place=(db, policy, None), explained=explain, as_json=json)


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
def check_text(
    file: Annotated[str, Parameter(help="A text in UTF-8, as the customer would read it; - for standard input.")],
    /,
    *,
    kind: Annotated[
        Literal["message", "acknowledgement", "proposal", "final_no"], Parameter(help="What the text is for.")
    ] = "message",
    language: Annotated[str | None, Parameter(help="Its language, such as de. Default: every language there is.")] = None,
    json: Json = False,
    db: Database = None,
    policy: PolicyFile = None,
) -> int:
    """Underline what does not belong in a text to a customer: blame, passing on, excuses, policy first; and say what it lacks.

    The rules of wording are those of the policy in this folder, where there is one. The exit code is 1 where something must not be
    sent. On a case the author may go past such a rule, with a reason: recovery do CASE --override.

    For example:

        recovery check-text reply.txt --kind proposal
        echo "Sorry, the courier lost it." | recovery check-text -

    Next: recovery rules own.no-blame, which tells all about one rule.
    """
    from recovery.cli.wording import looked_at  # noqa: PLC0415

    return looked_at(file, kind, language, place=(db, policy), as_json=json)


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
