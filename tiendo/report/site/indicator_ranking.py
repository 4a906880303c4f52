"""The communes of a province beside each other: value, rank, change, status and the source of each."""

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup, escape

from tiendo.report.site.indicator_facts import Facts, Record
from tiendo.report.site.indicator_figures import Files, figure, plain, ratio, where
from tiendo.report.site.indicator_parts import Parts
from tiendo.report.site.tiles import Spot, TileMap, tile_map
from tiendo.report.site.words import NOTHING, SHAPES, chip, html, marks, period, t

QUINTILES = 5
# Values this many digits behind the comma apart share a rank.
SAME_DIGITS = 6


@dataclass(frozen=True)
class Ranked:
    """A commune in the table and on the map.

    Attributes:
        row: Its row of `indicator_latest`.
        rank: None where it is not ranked.
        fifth: 1 for the best fifth of the ranked ones, 5 for the last.
    """

    row: Record
    rank: int | None
    fifth: int | None


@dataclass(frozen=True)
class Ranking:
    """The communes of a province by one indicator.

    Attributes:
        period: The period that is ranked, the newest most communes have.
        communes: How many there are.
        lines: Their lines of the table, by rank, those without one behind.
        by_status: Whether the map shows statuses; else, where nobody could be judged, fifths of the values.
        tiles: The map, or None where too few communes have a figure.
        tile_cells: The tiles.
        unplaced: Communes without coordinates.
        ranked: How many are ranked.
        threshold: Share of the reports below which a figure is not ranked.
        all_inherit: Whether all are judged by the target of the level above.
    """

    period: str
    communes: int
    lines: Markup
    by_status: bool
    tiles: TileMap | None
    tile_cells: Markup
    unplaced: list[str]
    ranked: int
    threshold: float
    all_inherit: bool


def maps_of(facts: Facts) -> dict[str, TileMap]:
    """The tile map of each province, made once."""
    return {
        province: tile_map(
            [
                Spot(unit["org_code"], unit["latitude"], unit["longitude"])
                for unit in units
                if unit["latitude"] is not None and unit["longitude"] is not None
            ]
        )
        for province, units in facts.units.items()
    }


def ranking_of(
    rows: list[Record], facts: Facts, parts: Parts, files: Files, tiles: TileMap, threshold: float
) -> Ranking:
    """Ranks the communes of one province and indicator.

    Args:
        rows: One row of `indicator_latest` per commune.
        facts: The small tables.
        parts: Where the figures come from.
        files: The files of the page.
        tiles: The map of the province.
        threshold: Share of the reports below which a figure is not ranked.
    """
    indicator = facts.indicators[rows[0]["indicator_code"]]
    shown = Counter(row["period"] for row in rows if row["actual"] is not None)
    newest = max(shown, key=lambda each: (shown[each], each), default="")
    sign = 1 if indicator["direction"] == "lower" else -1
    fit = [row for row in rows if _is_ranked(row, newest, threshold)]
    values = sorted(sign * round(row["actual"], SAME_DIGITS) for row in fit)
    first = {value: place for place, value in reversed(list(enumerate(values, 1)))}
    ranks = {row["org_code"]: first[sign * round(row["actual"], SAME_DIGITS)] for row in fit}
    found = [
        Ranked(row, rank, 1 + (rank - 1) * QUINTILES // len(fit) if rank else None)
        for row in rows
        for rank in [ranks.get(row["org_code"])]
    ]
    found.sort(
        key=lambda each: (each.rank or len(rows) + 1, each.row["actual"] is None, each.row["org_code"])
    )
    # What is true of all stands above the table, once.
    all_inherit = all(row["is_inherited_target"] for row in rows)
    by_status = any(row["colour"] != "grey" for row in rows)
    return Ranking(
        newest,
        len(found),
        html("\n".join(_line(each, newest, parts, files, all_inherit) for each in found)),
        by_status,
        tiles if len(rows) > 1 else None,
        _tiles(_units(facts, rows, found), tiles, by_status) if len(rows) > 1 else Markup(),
        [
            unit["name_vi"]
            for unit in facts.units[rows[0]["province_code"]]
            if unit["org_code"] not in tiles.cells
        ],
        len(fit),
        threshold,
        all_inherit,
    )


def _is_ranked(row: Record, newest: str, threshold: float) -> bool:
    """A figure of the common period that enough reports stand behind."""
    share = row["coverage_share"]
    return row["actual"] is not None and row["period"] == newest and (share is None or share >= threshold)


def _units(facts: Facts, rows: list[Record], found: list[Ranked]) -> list[tuple[Record, Ranked | None]]:
    by_code = {each.row["org_code"]: each for each in found}
    return [(unit, by_code.get(unit["org_code"])) for unit in facts.units[rows[0]["province_code"]]]


def _line(each: Ranked, newest: str, parts: Parts, files: Files, all_inherit: bool) -> Markup:
    row = each.row
    marked = row | {"is_inherited_target": None} if all_inherit else row
    unit = row["unit"]
    value = figure(row["actual"], unit)
    units = parts.of(row).units
    own = units[0] if len(units) == 1 else None
    change = None
    if row["actual_before"] is not None and row["actual"] is not None:
        change = round(row["actual"] - row["actual_before"], SAME_DIGITS)
    other = (
        ""
        if row["period"] == newest
        else Markup(' <span class="mark">{}</span>').format(period(row["period"]))
    )
    rank = NOTHING if each.rank is None else plain(each.rank)
    code, name = row["org_code"], escape(row["org_name_vi"])
    return html(
        f'<tr id="{code}"><td class="n" data-sort="{each.rank or 9999}">{rank}</td>'
        f'<th scope="row">{name} <small>{code}</small></th>'
        f'<td class="n" data-sort="{_sortable(row["actual"])}">{value}</td>'
        f'<td class="n" data-sort="{_sortable(change)}">{_change(change)}</td>'
        f"<td>{chip(row['colour'], row['label_vi'], row['label_en'])}</td><td>{marks(marked)}{other}</td>"
        f"<td>{_own(own)}</td><td>{where(own, unit, files) if own else NOTHING}</td></tr>"
    )


def _own(own: Record | None) -> Markup:
    """The parts of a value that has two."""
    if own is None or own["numerator"] is None or own["denominator"] is None:
        return NOTHING
    return ratio(own | {"value": None}, "")


def _change(change: float | None) -> Markup:
    if change is None:
        return NOTHING
    arrow = "▲" if change > 0 else "▼" if change < 0 else "="
    return html(f'<span aria-hidden="true">{arrow}</span> ') + plain(change)


def _sortable(value: float | None) -> str:
    return "" if value is None else f"{value:.8g}"


def _tiles(units: list[tuple[Record, Ranked | None]], tiles: TileMap, by_status: bool) -> Markup:
    return html("\n".join(_tile(unit, each, tiles, by_status) for unit, each in units))


def _tile(unit: Record, each: Ranked | None, tiles: TileMap, by_status: bool) -> Markup:
    """A tile: the short name, the value, a shape or the number of its fifth; its name says all of it."""
    if unit["org_code"] not in tiles.cells:
        return Markup("")
    line, column = tiles.cells[unit["org_code"]]
    at = html(f'style="grid-area:{line}/{column}"')
    if each is None:
        return Markup('<li class="tile none" {}><b>{}</b><span>{}</span></li>').format(
            at, unit["short_vi"], t("chưa có số", "no figure")
        )
    row = each.row
    value = figure(row["actual"], row["unit"])
    if by_status:
        kind, sign = row["colour"], html(f'<i aria-hidden="true">{SHAPES[row["colour"]]}</i>')
        told = t(row["label_vi"], row["label_en"])
    elif each.fifth:
        kind, sign = f"fifth-{each.fifth}", html(f'<i aria-hidden="true">{each.fifth}</i>')
        told = t(f"nhóm {each.fifth} trên 5", f"fifth {each.fifth} of 5")
    else:
        kind, sign, told = "grey", Markup('<i aria-hidden="true">○</i>'), t("không xếp hạng", "not ranked")
    return html(
        f'<li class="tile {kind}" {at}><a href="#{row["org_code"]}"><b>{escape(unit["short_vi"])}</b>'
        f'<span>{sign} {value}</span><span class="unseen">{told}</span></a></li>'
    )
