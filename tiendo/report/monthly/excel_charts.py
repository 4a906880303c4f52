"""The charts of the workbook: Excel's own, over the table beside them, so that an office can restyle them."""

from typing import Any

from tiendo.report.monthly.workbook import Block

COLOURS = {"green": "1B7F3B", "yellow": "E0A100", "red": "B00020", "grey": "9AA0A6"}


def themes_chart(sheet: Any, block: Block) -> Any:
    """Indicators of each theme, stacked by colour."""
    chart = _bars(sheet, block, "theme", tuple(COLOURS))
    chart.title, chart.grouping, chart.overlap = "Chỉ tiêu theo lĩnh vực", "stacked", 100
    for series, colour in zip(chart.series, COLOURS.values(), strict=True):
        series.graphicalProperties.solidFill = colour
    return chart


def statuses_chart(sheet: Any, block: Block) -> Any:
    """Indicators of each status, this month beside the month before."""
    chart = _bars(sheet, block, "label", ("before", "now"))
    chart.title, chart.grouping = "Chỉ tiêu theo trạng thái", "clustered"
    for series, colour in zip(chart.series, ("B8C4D0", "1F4E78"), strict=True):
        series.graphicalProperties.solidFill = colour
    return chart


def states_chart(sheet: Any, block: Block) -> Any:
    """Tasks of each state."""
    chart = _bars(sheet, block, "label", ("tasks",))
    chart.title, chart.legend = "Nhiệm vụ theo trạng thái", None
    chart.series[0].graphicalProperties.solidFill = "1F4E78"
    return chart


CHARTS = {
    "themes": ("themes", themes_chart),
    "statuses": ("statuses", statuses_chart),
    "states": ("states", states_chart),
}


def _bars(sheet: Any, block: Block, label: str, values: tuple[str, ...]) -> Any:
    """Bars over columns of a table whose header is the row above its first record."""
    from openpyxl.chart import BarChart, Reference

    chart: Any = BarChart()
    chart.type, chart.width, chart.height, chart.gapWidth = "bar", 17, 9, 40
    for name in values:
        column = block.columns[name]
        chart.add_data(
            Reference(sheet, min_col=column, min_row=block.first - 1, max_row=block.last),
            titles_from_data=True,
        )
    at = block.columns[label]
    chart.set_categories(Reference(sheet, min_col=at, min_row=block.first, max_row=block.last))
    # Else the first entry stands at the bottom, and LibreOffice and Excel leave out the axes.
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete, chart.y_axis.delete = False, False
    chart.y_axis.majorGridlines = None
    chart.legend.position = "b"
    return chart
