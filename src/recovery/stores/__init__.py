"""Stores: where cases are kept. ``memory`` for trying things out and for tests, ``sqlite`` for a file that outlives the process."""
