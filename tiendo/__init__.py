"""tiendo (tiến độ): target versus actual for the Resolution 57 plans of Vietnamese provinces."""

__version__ = "0.1.0"
