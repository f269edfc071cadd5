"""What a store owes: the checks of ``CaseStore``, ``CaseFinder``, ``Outbox`` and ``Store``."""
