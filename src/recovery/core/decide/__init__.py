"""Decide: commands in, events out. Three gates, then what each command leads to, then the messages, once for all of them.

decide(case, command, policy=policy, now=now)     -> Decision, or Refused with every reason of the gate that failed
why_not(case, command, policy=policy, now=now)    -> the reasons decide would raise
permitted(case, policy=policy, now=now)           -> for each kind of command, why it is ruled out, if it is
agenda(case, policy)                              -> every dated step, the soonest first
briefing(case, policy)                            -> what whoever takes the case over must know
explain_route(contact, policy)                    -> who would look after it, by which procedure, and why
"""

from __future__ import annotations

from recovery.core.decide.asking import agenda, briefing, clocks, explain_route, permitted, why_not
from recovery.core.decide.deciding import Decision, decide

__all__ = ["Decision", "agenda", "briefing", "clocks", "decide", "explain_route", "permitted", "why_not"]
