"""The complaints that the package carries: real words of real people (``COMPLAINTS.md`` says where from)."""

from __future__ import annotations

import csv
from importlib.resources import files
from io import StringIO

from attrs import frozen

__all__ = ["CATEGORIES", "Complaint", "complaints"]

CATEGORIES = {
    "Credit reporting, credit repair services, or other personal consumer reports": "credit-reporting",
    "Debt collection": "debt-collection",
    "Credit card or prepaid card": "cards",
    "Mortgage": "mortgage",
    "Checking or savings account": "accounts",
    "Money transfer, virtual currency, or money service": "accounts",
}
"""The register's products as the demo's categories; all others are loans."""


@frozen(kw_only=True)
class Complaint:
    """One row of the register: what it was about, where, and the customer's own words."""

    complaint_id: str
    received: str
    product: str
    issue: str
    state: str
    tags: str
    words: str

    @property
    def category(self) -> str:
        """The category by which the demo's policy routes it."""
        return CATEGORIES.get(self.product, "loans")

    @property
    def about_money(self) -> bool:
        """Whether an amount is named, so that a refund makes sense."""
        return "{$" in self.words


def complaints() -> tuple[Complaint, ...]:
    """Return every complaint the package carries, in the order of their numbers."""
    text = files("recovery.cli").joinpath("complaints.csv").read_bytes().decode("utf-8")
    return tuple(Complaint(**row) for row in csv.DictReader(StringIO(text, newline="")))
