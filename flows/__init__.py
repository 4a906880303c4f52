"""Prefect flows: thin, each step one call into tiendo."""
