"""Writes the charts of the site as Vega, from their definitions in tiendo/report/charts.py.

Pages get by with the smaller half of the library then, and no release needs Altair; a test compares.
"""

import json
from pathlib import Path
from typing import Any

import vl_convert

from tiendo.report.charts import bullet_chart, series_chart

TARGET = Path(__file__).parents[1] / "tiendo" / "report" / "site" / "assets" / "chart-specs.js"
HEADER = '// Written by scripts/build_chart_specs.py from tiendo/report/charts.py.\n"use strict";\n'


def compiled() -> dict[str, Any]:
    """The Vega definition of each chart by its name on pages, its data still open."""
    charts = {"bullet": bullet_chart(), "series": series_chart()}
    return {name: vl_convert.vegalite_to_vega(chart.to_dict()) for name, chart in charts.items()}


def script() -> str:
    """The script that names them for charts.js."""
    specs = json.dumps(compiled(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{HEADER}window.tiendoCharts = {specs};\n"


if __name__ == "__main__":
    TARGET.write_text(script(), encoding="utf-8")
