"""The tree of an explanation for a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.markup import escape
from rich.tree import Tree

from tiendo.cli_console import COLOURS
from tiendo.messages import Language
from tiendo.report.explain_part_words import PartWords
from tiendo.report.explain_words import Words

SHOWN_UNITS, SHOWN_MISSING, SHOWN_TARGETS = 10, 20, 10

Record = dict[str, Any]


def explanation_tree(release: Mapping[str, Any], found: Mapping[str, Any], language: Language) -> Tree:
    """The tree of an explanation.

    Args:
        release: Identifier, `as_of` and whether the figures are synthetic.
        found: What `read_explanation` gives.
        language: Language of labels and sentences; what plans and senders wrote stays Vietnamese.
    """
    return _Renderer(found, language).tree(release)


def of_release(release: Mapping[str, Any], words: Words) -> str:
    """Which release it is, and in red where its figures are made up."""
    synthetic = words.say(" · SỐ LIỆU GIẢ LẬP", " · SYNTHETIC FIGURES") if release["is_synthetic"] else ""
    name = words.say("bản phát hành", "release")
    return f"{name} {release['release_id']}[bold red]{synthetic}[/bold red]"


class SourceFiles:
    """The files that an explanation names, numbered in the order in which they come up."""

    def __init__(self, words: PartWords) -> None:
        """Takes the language in which they are listed."""
        self._words = words
        self._numbered: dict[str, tuple[int, Record]] = {}

    def mark(self, source: Record) -> str:
        """The number of a row's file."""
        new = (len(self._numbered) + 1, source)
        number, _ = self._numbered.setdefault(source["submission_id"], new)
        return f"[bold]\\[{number}][/bold]"

    def add_to(self, branch: Tree) -> None:
        """Lists the files, where there are any."""
        if self._numbered:
            files = branch.add(self._words.say("Tệp nguồn", "Source files"))
            for number, source in self._numbered.values():
                files.add(escape(self._words.file(number, source, len(self._numbered) == 1)))


class _Renderer:
    def __init__(self, found: Mapping[str, Any], language: Language) -> None:
        self.found = found
        self.vi = language == "vi"
        self.words = PartWords(language, found["indicator"]["unit"])
        self.files = SourceFiles(self.words)
        self.has_more_files = False

    def tree(self, release: Mapping[str, Any]) -> Tree:
        indicator, place, period = (self.found[name] for name in ("indicator", "place", "period"))
        name = indicator["indicator_name_vi" if self.vi else "indicator_name_en"]
        day = self.words.day
        former = place["org_valid_to"]
        until = f", {self.say('đến', 'until')} {day(former)}" if former else ""
        tree = Tree(
            f"[bold]{escape(name)}[/bold] ({indicator['indicator_code']})\n"
            f"{place['org_name_vi']} ({place['org_code']}{until}) · "
            f"{self.say('kỳ', 'period')} {period['period']} · "
            f"{self.say('số liệu tính đến', 'judged on')} {day(period['judged_on'])} · "
            f"{of_release(release, self.words)}"
        )
        self.status(tree)
        self.expected(tree)
        self.actual(tree)
        self.others(tree)
        return tree

    def say(self, vi: str, en: str) -> str:
        return vi if self.vi else en

    def status(self, tree: Tree) -> None:
        status = self.found["status"]
        label = status["status_label_vi" if self.vi else "status_label_en"]
        colour = status["colour_vi"] if self.vi else status["colour"]
        branch = tree.add(
            f"{self.say('Trạng thái', 'Status')}: [{COLOURS[status['colour']]}]{label}[/] ({colour})"
        )
        branch.add(escape(status["status_reason" if self.vi else "status_reason_en"]))
        for threshold in status["thresholds"]:
            branch.add(escape(self.words.threshold(threshold)))
        if status["is_verified"] is False:
            branch.add(self.say("Chưa có minh chứng được thẩm định.", "No appraised evidence yet."))

    def expected(self, tree: Tree) -> None:
        expected = self.found["expected"]
        if expected is None:
            tree.add(self.say("Mục tiêu: không có mục tiêu đang hiệu lực", "Target: none in force"))
            return
        words = self.words
        branch = tree.add(words.expected(expected, self.found["period"]["judged_on"]))
        if path := words.path(expected):
            branch.add(path)
        for line in words.target_lines(expected):
            branch.add(escape(line))
        for line in words.plan_lines(expected):
            branch.add(escape(line))

    def actual(self, tree: Tree) -> None:
        actual, words = self.found["actual"], self.words
        branch = tree.add(words.actual(actual))
        for line in words.formula_lines(actual):
            branch.add(escape(line))
        if actual["units"]:
            self.parts(branch, actual)
        if actual["adds_up"] is False:
            branch.add(
                self.say(
                    "[bold red]Các phần cộng lại không bằng số đã công bố.[/bold red]",
                    "[bold red]The parts do not add up to the published figure.[/bold red]",
                )
            )
        if actual["missing"]:
            branch.add(escape(words.missing(actual["missing"], SHOWN_MISSING)))
        if self.has_more_files:
            branch.add(escape(words.many_files()))
        self.files.add_to(branch)

    def parts(self, branch: Tree, actual: Record) -> None:
        units = actual["units"]
        shown = units[:SHOWN_UNITS]
        is_alone = len(units) == 1
        if not is_alone and (columns := self.words.columns(units[0]["rows"][0])):
            branch.add(escape(columns))
        if is_alone and units[0]["org_code"] == self.found["place"]["org_code"]:
            node = branch
        else:
            node = branch.add(self.words.units_heading(actual, len(shown)))
        for unit in shown:
            self.unit(node, unit, is_alone)
        if len(units) > len(shown):
            node.add(escape(self.words.rest(units[len(shown) :])))

    def unit(self, node: Tree, unit: Record, is_alone: bool) -> None:
        rows = unit["rows"]
        line = escape(self.words.unit(unit))
        if len(rows) == 1:
            self.row(node, line, rows[0], is_alone)
            return
        below = node.add(f"{line} ← {escape(self.words.in_files(unit))}")
        if not is_alone:
            self.has_more_files = True
            return
        for row in rows:
            self.row(below, escape(self.words.row_figures(row)), row, is_alone)

    def row(self, node: Tree, line: str, row: Record, is_alone: bool) -> None:
        where = f"{escape(self.words.cells(row, is_alone))} {self.files.mark(row['source'])}"
        leaf = node.add(f"{line} ← {where}" if line else where)
        for remark in self.words.remarks(row, is_alone):
            leaf.add(escape(remark))

    def others(self, tree: Tree) -> None:
        others = self.found["other_targets"]
        if not others:
            return
        branch = tree.add(
            self.say(
                f"Mục tiêu khác của địa bàn này: {len(others)} (xem bằng --plan)",
                f"Other targets of this place: {len(others)} (see them with --plan)",
            )
        )
        for other in others[:SHOWN_TARGETS]:
            label = other["status_label_vi" if self.vi else "status_label_en"]
            colour = COLOURS[other["colour"]]
            branch.add(f"{escape(self.words.target(other))}: [{colour}]{label}[/]")
