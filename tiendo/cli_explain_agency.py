"""The tree of an agency's scorecard for a terminal."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from rich.markup import escape
from rich.tree import Tree

from tiendo.cli_explain_tree import of_release
from tiendo.messages import Language
from tiendo.report.execution_words import NEARLY_THE_SAME, TRENDS
from tiendo.report.explain_words import Words

SHOWN_ITEMS = 4

Record = dict[str, Any]


def agency_tree(release: Mapping[str, Any], found: Mapping[str, Any], language: Language) -> Tree:
    """The tree of a scorecard.

    Args:
        release: Identifier, `as_of` and whether the figures are synthetic.
        found: What `read_agency` gives.
        language: Language of labels and sentences; titles stay as the plans print them.
    """
    words = Words(language, "score")
    card = found["agency"]
    name = card["agency_name_vi" if words.vi else "agency_name_en"]
    tree = Tree(
        f"[bold]{escape(name)}[/bold] ({card['agency_code']})\n"
        f"{words.say('số liệu tính đến', 'as of')} {words.day(release['as_of'])} · "
        f"{of_release(release, words)}"
    )
    branch = tree.add(headline(card, words))
    branch.add(escape(card["score_reason" if words.vi else "score_reason_en"]))
    for part in found["parts"]:
        _part(tree, part, words)
    return tree


def headline(card: Record, words: Words) -> str:
    """Score, rank and trend of an agency in one line."""
    if card["score"] is None:
        return words.say("Điểm: không có", "Score: none")
    rank = f", {words.say('hạng', 'rank')} {card['rank']}/{card['rank_of']}" if card["rank"] else ""
    before = ""
    if card["previous_score"] is not None:
        near = card["trend"] == "same" and card["previous_score"] != card["score"]
        trend = words.pick(NEARLY_THE_SAME if near else TRENDS[card["trend"]])
        before = f" ({words.day(card['previous_on'])}: {words.number(card['previous_score'])}, {trend})"
    return f"{words.say('Điểm', 'Score')}: {words.number(card['score'])}/100{rank}{before}"


def _part(tree: Tree, part: Record, words: Words) -> None:
    label = part["part_vi" if words.vi else "part_en"]
    counted, rest = part["items_counted"], part["items"] - part["items_counted"]
    left_out = words.say(f"; {rest} mục không tính", f"; {rest} not counted") if rest else ""
    if part["share"] is None:
        branch = tree.add(f"{label}: {words.say('không có gì để tính', 'nothing to count')}{left_out}")
    else:
        share = f"{words.number(part['points'])}/{counted}"
        branch = tree.add(
            f"{label}: {words.number(part['score_points'])} {words.say('điểm', 'points')} = "
            f"{words.say('trọng số', 'weight')} {words.number(part['weight_used'])} x {share}{left_out}"
        )
    ordered = sorted(part["items_listed"], key=_order)
    for (_, counted_as), group in groupby(ordered, key=_order):
        items = list(group)
        first = items[0]
        reason = first["points_reason" if words.vi else "points_reason_en"] or counted_as
        node = branch.add(f"{len(items)} x {escape(reason)}")
        for item in items[:SHOWN_ITEMS] if first["points"] is not None else []:
            node.add(escape(_item(item)))
        if first["points"] is not None and len(items) > SHOWN_ITEMS:
            more = len(items) - SHOWN_ITEMS
            node.add(words.say(f"và {more} mục nữa (xem bằng --json)", f"and {more} more (see --json)"))


def _order(item: Record) -> tuple[float, str]:
    return (2.0 if item["points"] is None else float(item["points"]), item["counted_as"])


def _item(item: Record) -> str:
    """One counted thing with what to ask next about it."""
    if item["part"] == "tasks":
        return f"{item['title_vi']} → tiendo explain task {item['plan_id']} {item['row_ref']}"
    if item["part"] == "indicators":
        asked = f"{item['indicator_code']} --place {item['org_code']} --period {item['period']}"
        return f"{item['title_vi']} → tiendo explain {asked} --plan {item['plan_id']}"
    return f"{item['title_vi'] or ''} {item['period'] or ''} ({item['submission_id'] or '-'})".strip()
