"""A store inside the transaction of Django's ``atomic()``, and an app whose migrations make the tables: the extra ``django``.

Put ``"recovery.stores.django"`` into ``INSTALLED_APPS`` and run ``migrate``.
"""

from __future__ import annotations

from recovery.stores.django.store import DjangoStore, empty_tables, worker_store

__all__ = ["DjangoStore", "empty_tables", "worker_store"]
