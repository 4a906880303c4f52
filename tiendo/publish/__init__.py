"""Releases: curated tables leave the warehouse as immutable folders that analysts and BI tools read."""
