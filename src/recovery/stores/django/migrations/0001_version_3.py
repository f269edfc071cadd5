"""The tables as they were when the app came to be: version 3 of the schema."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownParameterType=false
# Django has no types of its own.

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from recovery.stores.django.operations import UpgradeTables


class Migration(migrations.Migration):  # type: ignore[misc]  # Django has no types
    """Make the tables."""

    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[Operation]] = [UpgradeTables(after=0, to=3)]
