"""The pictures of the Word document, drawn from the content the text is told from.

The definitions are those of the site (tiendo/report/charts.py), in words and colours for paper.
"""

from tiendo.report.monthly.content import COLOURS, Content
from tiendo.report.monthly.texts import brief

MOST_BARS = 12


def pictures_of(content: Content) -> dict[str, bytes]:
    """PNG images by the name of their field; one without anything to show is empty."""
    from tiendo.report.chart_data import bullet_data, status_data
    from tiendo.report.charts import bullet_chart, status_chart, to_png

    themes = [
        {"group": row["theme"], "colour": colour, "count": row[colour]}
        for row in content["themes"]
        for colour in COLOURS
    ]
    bars = _bars(content)
    return {
        "chart_themes": to_png(status_chart(status_data(themes))) if themes else b"",
        "chart_behind": to_png(bullet_chart(bullet_data(bars))) if bars else b"",
    }


def _bars(content: Content) -> list[dict[str, object]]:
    """The indicators furthest behind that can be measured against a number."""
    found = [row for row in content["behind"] if row["attainment"] is not None and row["attainment"] >= 0]
    return [
        {
            "code": row["code"],
            # The number keeps apart what is called the same.
            "label": f"{row['number']}. {brief(row['name'], 52)}",
            "attainment": row["attainment"],
            "expected": 100 * row["expected"] / row["target"]
            if row["expected"] is not None and row["target"]
            else None,
            "colour": row["colour"],
        }
        for row in found[:MOST_BARS]
    ]
