"""A synthetic year for exploring, on top of the real plans: files as senders write them, in a home apart."""

from tiendo.demo.fill import DemoSummary, FormTally, fill_demo

__all__ = ["DemoSummary", "FormTally", "fill_demo"]
