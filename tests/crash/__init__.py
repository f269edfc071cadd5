"""Processes that are killed while they work on one database, and who checks what is left: ``python -m crash --help``."""
