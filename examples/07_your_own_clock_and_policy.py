"""A clock and a policy of your own: as arguments, as a dict, as a TOML file. All three say the same and get the same id.

A clock is data: what starts it, what stops it, how long, whom its rungs tell. Look at the agenda, where it stands beside the
practice's clocks, and at the report of two slips in a file.
"""

import tempfile
import tomllib
from pathlib import Path

import pendulum

from recovery import (
    Address,
    BadDefinition,
    Base,
    Channel,
    Clock,
    Contact,
    Customer,
    Desk,
    Length,
    MemoryStore,
    Person,
    Policy,
    Route,
    Rung,
    Strength,
    Unit,
    Whom,
    policies,
)

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")

call_back = Clock(
    id="house.call-first",
    rule="house.call-first",
    what="call the customer before writing anything",
    starts=("received",),
    stops=("spoke",),
    length=Length(2, Unit.BUSINESS_HOURS),
    ladder=(
        Rung(when=Length(1, Unit.BUSINESS_HOURS), base=Base.START, whom=Whom.OWNER),
        Rung(when=Length(0, Unit.HOURS), whom=Whom.SUPERVISOR, says="escalation"),
    ),
    when={"category": "card"},
)
by_arguments = policies.default(
    fallback_owner="ben",
    calendar=policies.office_hours("Europe/Berlin"),
    people=[
        Person(id="ana", name="Ana Sola", supervisor="ben", addresses=(Address(channel=Channel.EMAIL, value="ana@desk.example"),)),
        Person(id="ben", name="Ben Ferro", addresses=(Address(channel=Channel.EMAIL, value="ben@desk.example"),)),
    ],
    routes=[Route(category="card", owner="ana", stand_ins=("ben",), procedure="Block the card first.")],
    clocks=[call_back],
    strengths={"follow-up.other-channel": Strength.SHOULD},
)

TOML = """
fallback_owner = "ben"

[calendar]
timezone = "Europe/Berlin"
[calendar.week]
monday = [["09:00", "17:00"]]
tuesday = [["09:00", "17:00"]]
wednesday = [["09:00", "17:00"]]
thursday = [["09:00", "17:00"]]
friday = [["09:00", "17:00"]]

[people]
ana = { name = "Ana Sola", supervisor = "ben", email = "ana@desk.example" }
ben = { name = "Ben Ferro", email = "ben@desk.example" }

[[routes]]
category = "card"
owner = "ana"
stand_ins = ["ben"]
procedure = "Block the card first."

[rules]
"follow-up.other-channel" = "should"

[clocks."house.call-first"]
rule = "house.call-first"
what = "call the customer before writing anything"
starts = ["received"]
stops = ["spoke"]
length = "2 bh"
ladder = [{ when = "1 bh", base = "start", whom = "owner" }, { when = "0 h", whom = "supervisor", says = "escalation" }]
when = { category = "card" }
"""

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "policy.toml"
    path.write_text(TOML, encoding="utf-8")
    by_file = policies.load(path)
by_dict = Policy.from_dict(tomllib.loads(TOML))  # or any dict of that shape: from your settings, from JSON
print("one policy, said three ways:", by_arguments == by_file == by_dict)

try:
    Policy.from_dict(tomllib.loads(TOML.replace("2 bh", "2 hours").replace("[[routes]]", "[[route]]")))
except BadDefinition as fault:
    print(fault)

desk = Desk(store=MemoryStore(), policy=by_file, now=lambda: NOW)
customer = Customer(name="Bo Lind", addresses=(Address(channel=Channel.PHONE, value="+49 30 1234"),))
words = "i immediately called to request my bills be sent to my home address as well."
desk.receive(Contact(channel=Channel.PHONE, sender=customer, text=words, received_at=NOW, category="card"))
for step in desk.agenda(until=NOW.add(days=1)):
    if step.due_at is not None:
        print(f"{step.due_at.in_timezone('Europe/Berlin'):%a %H:%M}  {step.whom}  {step.clock:24} {step.what}")

# > one policy, said three ways: True
# > the policy cannot work:
# >   - clocks.house.call-first.length: '2 hours' is no length of time: write a number and min, h, bh, cd or bd, such as '5 bd'
# >   - route: there is no such key; did you mean routes?
# > Mon 10:00  ana  contact.receipt.by-hand  tell the customer that we have it; no software of ours reaches them
# > Mon 11:00  ana  acknowledge.immediately  contact the customer: who works on it, and when they hear next
# > Mon 12:00  ana  house.call-first         call the customer before writing anything
