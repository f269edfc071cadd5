"""Losing and learning: a customer who left, the review of it, what winning back is worth, and how we make up for the loss."""

from recovery.core.vocabulary.losing.commands import AskLostCustomer, OpenWinBack, PlanMakeUp, ReviewLoss
from recovery.core.vocabulary.losing.estimate import FIGURES, Estimate, Range, Segment, Worth
from recovery.core.vocabulary.losing.events import LossReviewed, LostCustomerAsked, MakeUpPlanned, WinBackOpened
from recovery.core.vocabulary.losing.risk import SIGNALS, WEIGHTS, Contribution, Risk, Signal
from recovery.core.vocabulary.losing.values import Finding, LosingPart, PlannedStep, Review, WinBack

__all__ = [
    "FIGURES",
    "SIGNALS",
    "WEIGHTS",
    "AskLostCustomer",
    "Contribution",
    "Estimate",
    "Finding",
    "LosingPart",
    "LossReviewed",
    "LostCustomerAsked",
    "MakeUpPlanned",
    "OpenWinBack",
    "PlanMakeUp",
    "PlannedStep",
    "Range",
    "Review",
    "ReviewLoss",
    "Risk",
    "Segment",
    "Signal",
    "WinBack",
    "WinBackOpened",
    "Worth",
]
