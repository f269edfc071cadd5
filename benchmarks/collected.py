"""Everything that is measured, under its headings. A module of measurements gives ``PAIRS``, ``FACTS`` or both."""

from __future__ import annotations

from benchmarks import (
    asynchronous,
    business_time,
    claiming,
    deciding,
    hosting,
    importing,
    scale,
    simulating,
    sizes,
    storing,
    wording,
)
from benchmarks.pairing import Group

__all__ = ["GROUPS"]

GROUPS = (
    Group(name="importing", title="Import and size", pairs=importing.PAIRS, facts=sizes.FACTS),
    Group(name="deciding", title="A stage step and a decision", pairs=deciding.PAIRS),
    Group(name="storing", title="A command on the disk", pairs=storing.PAIRS),
    Group(name="hosting", title="A command in the transaction of a host", pairs=hosting.PAIRS),
    Group(name="claiming", title="Claims of due cases", pairs=claiming.PAIRS, facts=claiming.FACTS),
    Group(name="asynchronous", title="In an event loop", pairs=asynchronous.PAIRS),
    Group(name="scale", title="Many open cases", pairs=scale.PAIRS, facts=scale.FACTS),
    Group(name="simulating", title="A desk in memory", facts=simulating.FACTS),
    Group(name="business-time", title="Business time", pairs=business_time.PAIRS),
    Group(name="wording", title="Words", pairs=wording.PAIRS),
)
