"""Checks on what arrives and on what leaves, run by Great Expectations inside DuckDB."""
