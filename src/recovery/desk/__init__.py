"""The desk: loads, decides, saves, and only then sends. All that it knows of the rules is where to ask.

desk = Desk(store=MemoryStore(), policy=policies.default(fallback_owner="ana", calendar=office_hours("Europe/Berlin")))
outcome = desk.receive(Contact(...))                  # opens, joins, reopens or links a case, or keeps it in the tray
outcome = desk.handle(outcome.case.id, Acknowledge(...))
work = desk.work()                                    # looks at the clocks that are due, and delivers what is in the outbox
"""

from recovery.desk.desk import Desk
from recovery.desk.values import Entry, Outcome, Retries, Work, new_identity

__all__ = ["Desk", "Entry", "Outcome", "Retries", "Work", "new_identity"]
