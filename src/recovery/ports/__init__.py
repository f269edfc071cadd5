"""Ports: what the desk needs of the world, as protocols, and the values that pass through them.

Each docstring lists the obligations of whoever fills the port. A store of your own fills
:class:`~recovery.ports.store.CaseStore` and :class:`~recovery.ports.outbox.Outbox`; ``tests/stores/contract.py`` holds a test
per obligation.
"""
