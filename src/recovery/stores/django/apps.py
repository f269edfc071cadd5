"""The app for ``INSTALLED_APPS``: it has no models, and its migrations make the tables of the store."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownParameterType=false
# Django has no types of its own.

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["RecoveryConfig"]


class RecoveryConfig(AppConfig):  # type: ignore[misc]  # Django has no types
    """The tables of the desk in a database of Django."""

    name = "recovery.stores.django"
    label = "recovery"
    verbose_name = "Customer recovery"
