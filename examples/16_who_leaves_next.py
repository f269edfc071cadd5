"""Who leaves next: the score held against a real log, to see whether high scores came back sooner or oftener.

Run it with `python examples/16_who_leaves_next.py`. What it prints is compared with the end of this file by the tests.
The log is real (data/INCIDENTS.md says whose, under CC BY 4.0). What a row says about an incident becomes a signal; a caller is
scored by what was on file on 1 May 2016, and then we look who called again within 31 days.
"""

import csv
import gzip
import random
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

from recovery import Risk, Signal

LOG = Path(__file__).parent / "data" / "incidents.csv.gz"
DAY, LOOK = datetime(2016, 5, 1), timedelta(days=31)


def when(text: str) -> datetime:
    """Read an instant of the log."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007  (the log names no zone)


with gzip.open(LOG, "rt", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
incidents = defaultdict(list)
for row in rows:
    incidents[row["number"]].append(row)

signals: dict[str, Counter[Signal]] = defaultdict(Counter)
kinds: dict[str, Counter[str]] = defaultdict(Counter)
calls: Counter[str] = Counter()
again: dict[str, datetime] = {}
for changes in incidents.values():
    caller, opened = changes[0]["caller_id"], when(changes[0]["opened_at"])
    if caller == "?":
        continue
    if opened >= DAY:
        if opened < DAY + LOOK:
            again[caller] = min(opened, again.get(caller, opened))
        continue
    last = [row for row in changes if when(row["sys_updated_at"]) < DAY][-1]  # what was known then, and no more
    calls[caller] += 1
    kinds[caller][last["category"]] += 1
    signals[caller][Signal.HANDED_OVER] += int(last["reassignment_count"])
    signals[caller][Signal.REOPENED] += int(last["reopen_count"])
    signals[caller][Signal.KEPT_WAITING] += last["made_sla"] == "false"
    signals[caller][Signal.SERIOUS] += last["priority"] in ("1", "2")
for caller, told in kinds.items():
    signals[caller][Signal.REPEATED] += sum(number - 1 for number in told.values())

risk = Risk()
scores = {caller: risk.score(signals[caller]) for caller in calls}


def order(by: dict[str, float], callers: list[str]) -> float:
    """Return how often of two callers, one who called again and one who did not, the first has the higher score (ties: a half)."""
    back, stayed = ([by[one] for one in callers if (one in again) is wanted] for wanted in (True, False))
    return sum((high > low) + (high == low) / 2 for high in back for low in stayed) / (len(back) * len(stayed))


def share(callers: list[str]) -> str:
    """Say how many of some callers called again, and after how many days half of those who did."""
    days = sorted((again[one] - DAY).days for one in callers if one in again)
    half = f", half of them within {days[len(days) // 2]} days" if days else ""
    return f"{len(callers):3} callers, {len(days):2} called again ({len(days) / len(callers):.1%}{half})"


everybody = list(calls)
print(f"On 1 May 2016: {share(everybody)}")
for low, high, name in ((0, 0.5, "no signal"), (0.5, 1, "under 1"), (1, 2.5, "1 to 2"), (2.5, 99, "2.5 and more")):
    print(f"  score {name:13} {share([one for one in everybody if low <= scores[one] < high])}")
for signal in (Signal.HANDED_OVER, Signal.KEPT_WAITING, Signal.REPEATED, Signal.REOPENED, Signal.SERIOUS):
    print(f"  {signal.value:19} {share([one for one in everybody if signals[one][signal]])}")

chance = random.Random(1)
drawn = sorted(order(scores, [chance.choice(everybody) for _ in everybody]) for _ in range(400))
print(
    f"The score tells who calls again in {order(scores, everybody):.2f} of pairs, 95 times in 100 between {drawn[10]:.2f} and {drawn[-11]:.2f};"
)
print(
    f"just counting earlier calls does in {order({one: float(calls[one]) for one in calls}, everybody):.2f}. Guessing does in 0.50."
)

# > On 1 May 2016: 596 callers, 62 called again (10.4%, half of them within 16 days)
# >   score no signal     216 callers, 22 called again (10.2%, half of them within 16 days)
# >   score under 1        89 callers,  9 called again (10.1%, half of them within 17 days)
# >   score 1 to 2        210 callers, 19 called again (9.0%, half of them within 17 days)
# >   score 2.5 and more   81 callers, 12 called again (14.8%, half of them within 8 days)
# >   handed_over         311 callers, 34 called again (10.9%, half of them within 15 days)
# >   kept_waiting        218 callers, 24 called again (11.0%, half of them within 12 days)
# >   repeated             17 callers,  3 called again (17.6%, half of them within 8 days)
# >   reopened              8 callers,  0 called again (0.0%)
# >   serious               9 callers,  0 called again (0.0%)
# > The score tells who calls again in 0.52 of pairs, 95 times in 100 between 0.44 and 0.59;
# > just counting earlier calls does in 0.53. Guessing does in 0.50.
