"""A policy: clocks and calendar, people and routes, rules and their strengths, validated as a whole."""

from recovery.core.policy.faults import NEVER_PAUSED
from recovery.core.policy.policy import Policy

__all__ = ["NEVER_PAUSED", "Policy"]
