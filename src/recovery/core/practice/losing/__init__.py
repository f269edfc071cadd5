"""Losing and learning: a customer who left is reviewed, won back where it is worth it, and charged to whom it is due."""

from __future__ import annotations

from recovery.core.practice.losing.clocks import CLOCKS, FIXED_CLOCKS, PROTECTS, SOURCES
from recovery.core.practice.losing.folds import asked, opened, planned, reviewed
from recovery.core.practice.losing.leads_to import ask_lost_customer, open_win_back, plan_make_up, review_loss
from recovery.core.practice.losing.messages import to_review
from recovery.core.practice.losing.rules import loss_independent, loss_made_up, loss_win_back
from recovery.core.rule import Ability
from recovery.core.vocabulary.losing import (
    AskLostCustomer,
    LossReviewed,
    LostCustomerAsked,
    MakeUpPlanned,
    OpenWinBack,
    PlanMakeUp,
    ReviewLoss,
    WinBackOpened,
)

__all__ = ["ABILITIES", "CHECKS", "CLOCKS", "FIXED_CLOCKS", "FOLDS", "HANDLERS", "MESSAGES", "PROTECTS", "SOURCES"]

ABILITIES = (
    Ability(
        id="loss.charged",
        heading="losing",
        source="G",
        how="`learn(...)`, `desk.learn()`, `recovery learn`: each loss is under the unit that is accountable for it.",
        protects="Protects the customers who stay from losses that are nobody's: each is charged to the unit that is accountable.",
    ),
    Ability(
        id="risk.next-to-leave",
        heading="losing",
        source="G",
        how="`customers_at_risk(...)`, `desk.risk()`, `recovery risk`: every signal is shown with what it adds to the score.",
        protects="Protects the customer who has had enough and has not said so: they are named, with every signal that says so.",
    ),
    Ability(
        id="learn.training",
        heading="losing",
        source="G",
        how="`learn(...)`, `desk.learn()`, `recovery learn`: causes of the kind `skill`, counted by unit.",
        protects="Protects the next customer from the same mistake: where a cause points at skill, the unit hears what to train.",
    ),
)
CHECKS = (loss_win_back, loss_independent, loss_made_up)
HANDLERS = {
    OpenWinBack: open_win_back,
    AskLostCustomer: ask_lost_customer,
    ReviewLoss: review_loss,
    PlanMakeUp: plan_make_up,
}
FOLDS = {WinBackOpened: opened, LostCustomerAsked: asked, LossReviewed: reviewed, MakeUpPlanned: planned}
MESSAGES = {WinBackOpened: to_review}
