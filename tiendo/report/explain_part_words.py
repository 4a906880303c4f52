"""What an explanation says of a figure: formula, units, cells, files, and who has not reported."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tiendo.report.explain_words import Record, Words

BASES = {
    "in_period": ("trong kỳ", "in the period"),
    "year_to_date": ("lũy kế từ đầu năm", "year to date"),
    "full_year_estimate": ("ước cả năm", "full-year estimate"),
}
MATURITIES = {"provisional": ("ước tính", "provisional"), "final": ("chính thức", "final")}
SOURCES = {
    "computed": ("tính từ biểu mẫu", "computed from forms"),
    "reported": ("đơn vị báo cáo", "reported by the agency"),
    "published": ("số đã công bố", "published figure"),
}


class PartWords(Words):
    """Sentences in one language about the figure and its parts."""

    def actual(self, actual: Record) -> str:
        """The figure and its parts."""
        head = self.say("Thực tế", "Actual")
        if actual["source_kind"] is None:
            return f"{head}: {self.say('chưa có số liệu', 'no figure')}"
        parts = self._ratio(actual["numerator"], actual["denominator"])
        kinds = [
            self.pick(pair)
            for pair in (
                BASES.get(actual["basis"] or ""),
                MATURITIES.get(actual["maturity"] or ""),
                SOURCES.get(actual["source_kind"]),
            )
            if pair
        ]
        return f"{head}: {self.value(actual['actual'])}{parts} ({', '.join(kinds)})"

    def formula_lines(self, actual: Record) -> list[str]:
        """How the figure is computed, or that it was reported as it is."""
        formula = actual["formula"]
        parts = [
            f"{self.say(vi, en)} = {formula[name]}"
            for name, vi, en in (
                ("numerator_vi", "Tử số", "Numerator"),
                ("denominator_vi", "Mẫu số", "Denominator"),
            )
            if formula[name]
        ]
        lines = ["; ".join(parts)] if parts else []
        if formula["variant"] is None:
            return [
                *lines,
                self.say("Lấy nguyên số báo cáo theo Biểu 01 (F01)", "Taken as reported on form F01"),
            ]
        counted = self.say("số dòng", "rows")
        where = self.say("nếu", "where")
        sums = [_bracketed(formula[f"{side}_sum"] or counted) for side in ("numerator", "denominator")]
        rules = [
            "" if formula[f"{side}_rule"] == "true" else f" {where} {formula[f'{side}_rule']}"
            for side in ("numerator", "denominator")
        ]
        if rules[0] == rules[1]:
            rule = f"Σ {sums[0]} / Σ {sums[1]}{rules[0]}"
        else:
            rule = f"Σ ({sums[0]}{rules[0]}) / Σ ({sums[1]}{rules[1]})"
        excluded = formula["excluded_states"]
        left_out = f"; {self.say('trừ trạng thái', 'without states')} {excluded}" if excluded else ""
        name = self.say("Công thức biểu", "Formula of form")
        lines.append(f"{name} {formula['form_number']} “{formula['variant']}”: {rule}{left_out}")
        if formula["note"]:
            remark = self.say("Ghi chú của danh mục (tiếng Anh)", "Remark of the registry")
            lines.append(f"{remark}: {formula['note']}")
        return lines

    def columns(self, row: Record) -> str | None:
        """What the columns named in a formula are called on the form."""
        cells = row["source"]["cells"]
        listed = "; ".join(
            f"{cell['column']} = {cell['label_vi' if self.vi else 'label_en']}" for cell in cells
        )
        return f"{self.say('Cột của biểu', 'Columns of the form')}: {listed}" if listed else None

    def units_heading(self, actual: Record, shown: int) -> str:
        """How many units gave the figure, of how many, and which of them follow."""
        count, missing, periods = len(actual["units"]), len(actual["missing"]), actual["periods"]
        others, share = actual.get("units_left_out"), actual["coverage_share"]
        span = periods[0] if len(periods) == 1 else f"{periods[0]} … {periods[-1]}"
        if others is not None:
            return self.say(
                f"Phần của một đơn vị, kỳ {span}; còn {others} đơn vị khác",
                f"The part of one unit, period {span}; {others} others",
            )
        is_counted = missing and len(periods) == 1 and actual["basis"] != "year_to_date"
        of_all = self.say(f" trên {count + missing}", f" of {count + missing}") if is_counted else ""
        text = self.say(f"Từ {count}{of_all} đơn vị, kỳ {span}", f"From {count}{of_all} units, period {span}")
        if share is not None and share < 1:
            percent = self.number(100 * share)
            text += self.say(f"; mức báo cáo {percent}%", f"; {percent}% reported")
        if shown < count:
            text += self.say(f"; {shown} đơn vị lớn nhất", f"; the {shown} largest")
        return text

    def unit(self, unit: Record) -> str:
        """A unit with what it gave."""
        return f"{unit['org_name_vi'] or '-'} ({unit['org_code']}): {self.parts_of(unit)}"

    def parts_of(self, part: Record) -> str:
        """What a unit or a row gave: parts and value, or the value alone."""
        numerator, denominator = part["numerator"], part["denominator"]
        if numerator is None or denominator is None:
            if numerator is not None:
                return f"{self.say('tử số', 'numerator')} {self.number(numerator)}"
            if denominator is not None:
                return f"{self.say('mẫu số', 'denominator')} {self.number(denominator)}"
            return self.value(part["value"])
        ratio = f"{self.number(numerator)} / {self.number(denominator)}"
        return ratio if part["value"] is None else f"{ratio} = {self.value(part['value'])}"

    def rest(self, units: Sequence[Record]) -> str:
        """What all other units gave together."""
        sums = [sum(unit[name] or 0 for unit in units) for name in ("numerator", "denominator")]
        added = f": {self.number(sums[0])} / {self.number(sums[1])}" if any(sums) else ""
        return self.say(
            f"{len(units)} đơn vị còn lại{added} (xem --unit MÃ hoặc --json)",
            f"{len(units)} other units{added} (see --unit CODE or --json)",
        )

    def in_files(self, unit: Record) -> str:
        """How many rows of how many files a unit's part comes from."""
        rows, files = self.number(unit["row_count"]), len({row["source"]["sha256"] for row in unit["rows"]})
        return self.say(f"{rows} dòng của {files} tệp", f"{rows} rows of {files} files")

    def row_figures(self, row: Record) -> str:
        """Period and figures of one row of several; empty for a row that only names an extract."""
        if all(row[name] is None for name in ("numerator", "denominator", "value")):
            return ""
        period = f"{row['periods'][0]}: " if len(row["periods"]) == 1 else ""
        return period + self.parts_of(row)

    def many_files(self) -> str:
        """Where the files of units with several files are listed."""
        return self.say(
            "Tệp của từng đơn vị: xem --unit MÃ hoặc --json", "Files of a unit: see --unit CODE or --json"
        )

    def cells(self, row: Record, is_alone: bool) -> str:
        """Where a row stands: sheet and cells of a workbook, line and columns of a text file, or rows.

        The headings of the columns stand beside their cells only where the row is alone.
        """
        source, rows = row["source"], self.say("dòng", "rows")
        if source["row"] is None:
            if source["form"] == "procedure_catalogue":
                return f"{self.say('cả danh mục', 'the whole catalogue')}, {source['rows_read']} {rows}"
            few = self.say("vài dòng", "a few rows")
            return few if row["row_count"] is None else f"{self.number(row['row_count'])} {rows}"
        cells = source["cells"]
        labels = [f"“{cell['label_vi' if self.vi else 'label_en']}”" for cell in cells]
        if any(cell["cell"] for cell in cells):
            named = [
                f"{cell['cell']} {label}" if is_alone else cell["cell"]
                for cell, label in zip(cells, labels, strict=True)
            ]
            sheet = f"{source['sheet']}!" if source["sheet"] else ""
            return sheet + _by_role(cells, named)
        where = f"{self.say('dòng', 'row')} {source['row']}"
        columns = f", {self.say('cột', 'column')} {_by_role(cells, labels)}"
        return where + columns if labels and is_alone else where

    def remarks(self, row: Record, is_alone: bool) -> Iterable[str]:
        """What a correction replaced and, where the row is alone, what its file says of the figure."""
        for cell in row["source"]["cells"]:
            if correction := cell["correction"]:
                at = cell["cell"] or cell["label_vi" if self.vi else "label_en"]
                yield (
                    self.say(f"Đã đính chính ô {at}", f"Corrected cell {at}")
                    + f": “{correction['old_value']}” → “{correction['new_value']}”, "
                    + f"{correction['document_number']} {self.day(correction['signed_on'])}, "
                    + f"{correction['reason']} ({correction['submission_id']})"
                )
        if not is_alone:
            return
        if row["note"]:
            yield f"{self.say('Nguồn ghi', 'The file says')}: “{row['note']}”"
        if row["evidence_ref"]:
            yield f"{self.say('Minh chứng', 'Evidence')}: {row['evidence_ref']}"

    def missing(self, missing: Sequence[Record], most: int) -> str:
        """Who has not reported, and for a year to date which periods are missing."""
        is_running = any(len(unit["periods"]) > 1 for unit in missing)
        listed = "; ".join(
            f"{unit['org_name_vi']} ({unit['org_code']}{self._until(unit)})"
            + (f": {_shortened(unit['periods'])}" if is_running else "")
            for unit in missing[:most]
        )
        more = len(missing) - most
        rest = self.say(f"; và {more} đơn vị nữa", f"; and {more} more") if more > 0 else ""
        return self.say("Chưa báo cáo", "Not reported") + f": {listed}{rest}"

    def file(self, number: int, source: Record, is_alone: bool) -> str:
        """A source file: name, receipt and hash; where it is kept, if it is the only one."""
        received = datetime.fromisoformat(source["received_at"])
        moment = f"{received:%d/%m/%Y %H:%M}" if self.vi else f"{received:%Y-%m-%d %H:%M}"
        lines = [
            f"[{number}] {source['file_name']}, {self.say('nhận', 'received')} {moment}",
            f"sha256 {source['sha256']}",
            f"{self.say('lần nộp', 'submission')} {source['submission_id']}",
        ]
        if is_alone:
            lines.append(f"data/raw/{source['raw_path']}")
        return "\n".join(lines)

    def target(self, target: Record) -> str:
        """Another target row in short."""
        return (
            f"{target['plan_id']} {target['row_ref']}, {self.say('mốc', 'milestone')} "
            f"{self.day(target['milestone_on'])}: {self.target_value(target)}"
        )

    def _until(self, unit: Record) -> str:
        former = unit["org_valid_to"]
        return f", {self.say('đến', 'until')} {self.day(former)}" if former else ""

    def _ratio(self, numerator: float | None, denominator: float | None) -> str:
        if numerator is None or denominator is None:
            return ""
        return f" = {self.number(numerator)} / {self.number(denominator)}"


def _by_role(cells: Sequence[Record], texts: Sequence[str]) -> str:
    """Cells that are added joined by +, numerator and denominator by /; others by commas."""
    roles = list(dict.fromkeys(cell["role"] for cell in cells))
    return " / ".join(
        (" + " if role else ", ").join(
            text for cell, text in zip(cells, texts, strict=True) if cell["role"] == role
        )
        for role in roles
    )


def _bracketed(expression: str) -> str:
    """A sum of several columns in brackets."""
    return f"({expression})" if any(sign in expression for sign in "+-*/") else expression


def _shortened(periods: Sequence[str]) -> str:
    """Periods of one year, which is named once: 2026-01, 03, 06, or 2026-01…06 where none is left out."""
    numbers = [int("".join(sign for sign in period[5:] if sign.isdigit()) or 0) for period in periods]
    if len(periods) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{periods[0]}…{periods[-1][5:]}"
    return ", ".join([periods[0], *(period[5:] for period in periods[1:])])
