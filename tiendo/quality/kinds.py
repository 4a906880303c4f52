"""The kinds of checks that are made and not written: of each its SQL and its sentence in both languages.

One query asks all columns of a kind, since a query costs more than what it asks. Which column a row fails by
is asked later, and only where some row fails.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tiendo.quality.suites import Breach, Check, Layer, Suite
from tiendo.quoting import sql_name, sql_text

# How codes and periods are spelt, by type of column.
SPELLINGS = {
    "org_code": "[0-9]{2}([0-9]{3})?",
    "period": "[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4]|-H[12])?",
    "month": "[0-9]{4}-(0[1-9]|1[0-2])",
    "sha256": "[0-9a-f]{64}",
}

# Vietnamese and English heading by column.
Labels = Mapping[str, tuple[str, str]]


class CheckMaker:
    """Makes the checks of one table; a check that has nothing to ask is None."""

    def __init__(self, layer: Layer, prefix: str, labels: Labels) -> None:
        """Takes the layer, what the identifiers start with and the headings of the columns."""
        self._layer: Layer = layer
        self._prefix = prefix
        self._labels = labels

    def suite(
        self, table: str, title_vi: str, title_en: str, grain: tuple[str, ...], checks: Iterable[Check | None]
    ) -> Suite:
        """The checks made, with what the table is called."""
        made = tuple(check for check in checks if check)
        labels = {name: vi for name, (vi, _) in self._labels.items()}
        return Suite(self._layer, table, made, title_vi, title_en, grain, labels)

    def columns(self, names: Iterable[str]) -> Check:
        """Exactly these columns."""
        return self._check(
            "columns", "shareable", "expect_table_columns_to_match_set",
            {"column_set": list(names), "exact_match": True},
            "Bảng có đúng các cột đã mô tả, không thừa cột nào ngoài mô tả (như dữ liệu cá nhân).",
            "The table has exactly the columns described and none besides (such as personal data).",
        )  # fmt: skip

    def unique(self, what: str, names: Sequence[str]) -> Check:
        """No two rows agree in all of these columns."""
        single = len(names) == 1
        return self._check(
            what, "consistent",
            "expect_column_values_to_be_unique" if single else "expect_compound_columns_to_be_unique",
            {"column": names[0]} if single else {"column_list": list(names), "ignore_row_if": "never"},
            f"Không có hai dòng trùng: {self._vi(names)}.",
            f"No two rows share: {self._en(names)}.",
        )  # fmt: skip

    def required(self, names: Sequence[str], lineage: Sequence[str] = ()) -> Check | None:
        """No empty cell in these columns, nor in those that say where a row came from."""
        breaches = [Breach(f"{sql_name(name)} is null", (name,)) for name in (*names, *lineage)]
        also_vi, also_en = (
            (" và nguồn gốc (lần nộp, dòng)", " and where it came from") if lineage else ("", "")
        )
        return self._rows(
            "required", "complete", breaches,
            f"Mọi dòng có {self._vi(names)}{also_vi}.",
            f"Every row has {self._en(names)}{also_en}.",
        )  # fmt: skip

    def lists(self, lists: Mapping[str, Sequence[str]]) -> Check | None:
        """Only these values, or none."""
        breaches = [
            Breach(f"cast({sql_name(name)} as varchar) not in ({', '.join(map(sql_text, values))})", (name,))
            for name, values in lists.items()
        ]
        return self._rows(
            "lists", "valid", breaches,
            f"Chỉ có giá trị trong danh sách đóng: {self._vi(lists)}.",
            f"Only values of the closed list: {self._en(lists)}.",
        )  # fmt: skip

    def spelling(self, types: Mapping[str, str]) -> Check | None:
        """Codes and periods as `SPELLINGS` has them; by column its type."""
        breaches = [
            Breach(f"not regexp_full_match({sql_name(name)}, {sql_text(SPELLINGS[kind])})", (name,))
            for name, kind in types.items()
        ]
        return self._rows(
            "spelling", "valid", breaches,
            f"Mã và kỳ viết đúng quy cách: {self._vi(types)}.",
            f"Codes and periods are spelt as agreed: {self._en(types)}.",
        )  # fmt: skip

    def ranges(self, ranges: Mapping[str, tuple[float | None, float | None]]) -> Check | None:
        """Not below the first, not above the second bound; None is no bound."""
        breaches = [
            Breach(f"{sql_name(name)} {sign} {bound}", (name,))
            for name, bounds in ranges.items()
            for sign, bound in zip("<>", bounds, strict=True)
            if bound is not None
        ]
        asked = dict.fromkeys(breach.columns[0] for breach in breaches)
        vi = [self._vi([name]) + _range(ranges[name], "từ", "đến") for name in asked]
        en = [self._en([name]) + _range(ranges[name], "from", "to") for name in asked]
        return self._rows(
            "ranges", "accurate", breaches,
            f"Nằm trong khoảng cho phép: {'; '.join(vi)}.",
            f"Within the range allowed: {'; '.join(en)}.",
        )  # fmt: skip

    def parts(self, pairs: Sequence[tuple[str, str]]) -> Check | None:
        """No part above its whole."""
        breaches = [Breach(f"{sql_name(part)} > {sql_name(whole)}", (part, whole)) for part, whole in pairs]
        vi = [" ≤ ".join(self._labels[name][0] for name in pair) for pair in pairs]
        en = [" ≤ ".join(self._labels[name][1] for name in pair) for pair in pairs]
        return self._rows(
            "parts", "accurate", breaches,
            f"Phần không lớn hơn tổng: {'; '.join(vi)}.",
            f"A part does not exceed its whole: {'; '.join(en)}.",
        )  # fmt: skip

    def _rows(self, what: str, dimension: str, breaches: Sequence[Breach], vi: str, en: str) -> Check | None:
        if not breaches:
            return None
        asked = " or ".join(breach.condition for breach in breaches).replace("{", "{{").replace("}", "}}")
        kwargs = {"unexpected_rows_query": f"from {{batch}} select * where {asked}"}
        return self._check(what, dimension, "unexpected_rows_expectation", kwargs, vi, en, tuple(breaches))

    def _check(
        self, what: str, dimension: str, kind: str, kwargs: dict[str, Any], vi: str, en: str,
        breaches: tuple[Breach, ...] = (),
    ) -> Check:  # fmt: skip
        return Check(f"Q-{self._prefix}-{what}", kind, kwargs, "fatal", dimension, vi, en, breaches)

    def _vi(self, names: Iterable[str]) -> str:
        return ", ".join(self._labels[name][0] for name in names)

    def _en(self, names: Iterable[str]) -> str:
        return ", ".join(self._labels[name][1] for name in names)


def _range(bounds: tuple[float | None, float | None], low: str, high: str) -> str:
    return "".join(
        f" {word} {bound}" for word, bound in zip((low, high), bounds, strict=True) if bound is not None
    )
