"""The DuckDB file over the landing zone, and dbt that fills it."""
