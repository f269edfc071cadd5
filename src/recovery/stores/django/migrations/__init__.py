"""The tables, one migration for each version of the schema."""
