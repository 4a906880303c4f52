"""What a contract consists of: columns, derived columns, rules between them, and the form they make up.

Only the shape is here; `contracts.py` fills it from `expectations/contracts` and refuses what contradicts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import cast

import polars as pl

from tiendo.intake.folding import fold

COLUMN_TYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "text": pl.String(),
        "code": pl.String(),
        "org_code": pl.String(),
        "organisation": pl.String(),
        "indicator_code": pl.String(),
        "plan_id": pl.String(),
        "row_ref": pl.String(),
        "sha256": pl.String(),
        "integer": pl.Int64(),
        "decimal": pl.Decimal(18, 6),
        "boolean": pl.Boolean(),
        "date": pl.Date(),
        "deadline": pl.Date(),
        "rhythm": pl.String(),
        "timestamp": pl.Datetime("us"),
        "period": pl.String(),
        "choice": pl.String(),
    }
)

QUANTITY_TYPES = frozenset({"integer", "decimal"})

Choices = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Column:
    """One column of a form.

    Attributes:
        name: Canonical name.
        type: One of `COLUMN_TYPES`.
        label_vi: Header as printed on the form.
        label_en: The same in English.
        required: Whether an empty cell quarantines its row.
        header_required: Whether the column must stand in the file although its cells may be empty.
        aliases: Further spellings of the header.
        minimum: Least value allowed, in the column's own unit.
        maximum: Greatest value allowed.
        unit: Unit of the landed amounts, a name of `units.py`; amounts in another one of its kind are scaled.
        rows_of: For a `row_ref`, the plan rows it may name: `targets`, `tasks` or `any`.
        example: A cell as a clerk would write it.
        help_vi: One sentence for those who fill it in.
        help_en: The same in English.
        keeps_errors: Whether an error of a formula ('#DIV/0!') lands as the text it shows.
        pseudonym: Whether a keyed pseudonym lands in place of the cell.
        choices: For a choice: canonical value and its spellings.
    """

    name: str
    type: str
    label_vi: str
    label_en: str
    required: bool = False
    header_required: bool = False
    aliases: tuple[str, ...] = ()
    minimum: int | float | None = None
    maximum: int | float | None = None
    unit: str | None = None
    rows_of: str | None = None
    example: str | None = None
    help_vi: str | None = None
    help_en: str | None = None
    keeps_errors: bool = False
    pseudonym: bool = False
    choices: Choices = field(default_factory=dict[str, tuple[str, ...]], hash=False)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every header by which the column is known, the preferred first."""
        return (self.name, self.label_vi, self.label_en, *self.aliases)

    @property
    def is_needed(self) -> bool:
        """Whether a file without this header is not of the form."""
        return self.required or self.header_required

    @property
    def is_quantity(self) -> bool:
        """Whether it holds amounts or counts."""
        return self.type in QUANTITY_TYPES

    @property
    def dtype(self) -> pl.DataType:
        """Type of the landed column."""
        return COLUMN_TYPES[self.type]


@dataclass(frozen=True)
class Line:
    """A line of a published table.

    Attributes:
        text: What it may say.
        below: The headings it stands below; none where it may stand anywhere.
        is_needed: Whether no indicator can be derived from a table without it.
    """

    text: tuple[str, ...]
    below: tuple[str, ...] = ()
    is_needed: bool = False


@dataclass(frozen=True)
class Derived:
    """A column computed at landing.

    Attributes:
        name: Canonical name.
        source: The column it comes from; `titles` for the texts above the table.
        kind: `month` (of a date or timestamp), `mention` (the one choice a text speaks of, else `otherwise`),
            `title` (group 1 of `pattern` in the folded titles), `line` (the name of a published line) or
            `reading` (the source read as what another column says it is).
        otherwise: Value where none is mentioned, or several are.
        choices: Canonical value and its spellings.
        pattern: For a title. A form with such a column fits only tables whose titles match.
        cross_checks: Values of a title whose tables are kept but feed no measure.
        number: For a line, the column of the line numbers.
        lines: For a line: its name, and how it is recognised.
        by: For a reading, the column that says what the source holds.
        types: For a reading: value of `by` and column type; all others are text.
    """

    name: str
    source: str
    kind: str
    otherwise: str | None = None
    choices: Choices = field(default_factory=dict[str, tuple[str, ...]], hash=False)
    pattern: str | None = None
    cross_checks: tuple[str, ...] = ()
    number: str | None = None
    lines: Mapping[str, Line] = field(default_factory=dict[str, Line], hash=False)
    by: str | None = None
    types: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)


@dataclass(frozen=True)
class Rule:
    """A rule between columns or rows: the code it reports, its name, and column pairs where it needs them."""

    code: str
    when: str
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Contract:
    """A form as senders fill it in.

    Attributes:
        form: Name that leads through every layer, such as `coverage`.
        number: Number of the form, such as `F04`.
        title_vi: Title as printed.
        title_en: The same in English.
        columns: In the order of the form.
        replaces: Columns within which a later submission replaces an earlier one.
        key: Columns that name one row within a file; empty where equal rows may stand.
        derived: Columns computed at landing.
        rules: Rules between columns or rows.
        organisation_column: Column that names the unit (or the plan, whose unit it then is), None where the
            submission or the titles do.
        period_column: Column that names the period, None where the submission or the titles do.
        period_kinds: Lengths of period the form is for, as `dates.period_kind` names them; empty for any.
        submission_column: Column that names an earlier submission, which unit and period are then taken from.
        complete_extract: Whether a file holds everything of its unit and period, so that no row means nil.
        keeps_values_private: Whether the quarantine leaves out what identifiers and texts held.
        keeps_all_rows: Whether group and total rows are records too.
        needs_unit_line: Whether a file that nowhere says the unit of its amounts is rejected.
    """

    form: str
    number: str
    title_vi: str
    title_en: str
    columns: tuple[Column, ...]
    replaces: tuple[str, ...]
    key: tuple[str, ...]
    derived: tuple[Derived, ...] = ()
    rules: tuple[Rule, ...] = ()
    organisation_column: str | None = None
    period_column: str | None = None
    period_kinds: tuple[str, ...] = ()
    submission_column: str | None = None
    complete_extract: bool = False
    keeps_values_private: bool = False
    keeps_all_rows: bool = False
    needs_unit_line: bool = False

    @cached_property
    def headers(self) -> Mapping[str, tuple[int, Column]]:
        """By folded header the column it names, behind the rank of that spelling in its column."""
        found: dict[str, tuple[int, Column]] = {}
        for column in self.columns:
            for rank, spelling in enumerate(column.spellings):
                found.setdefault(fold(spelling), (rank, column))
        return found

    @cached_property
    def needed_headers(self) -> Sequence[frozenset[str]]:
        """For each column the form needs, its folded headers."""
        return [frozenset(map(fold, column.spellings)) for column in self.columns if column.is_needed]

    @cached_property
    def pseudonyms(self) -> Sequence[str]:
        """Columns in place of whose cells pseudonyms land."""
        return [column.name for column in self.columns if column.pseudonym]

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]


def canonical_schema(contract: Contract) -> dict[str, pl.DataType]:
    """Names and types of the columns a landing file of this form holds, provenance last.

    A form's own `received_at` (of the dossier) stands in the place of the submission's.
    """
    schema = {column.name: column.dtype for column in contract.columns}
    schema |= {derived.name: cast("pl.DataType", pl.String()) for derived in contract.derived}
    provenance: dict[str, pl.DataType] = {
        "submission_id": pl.String(),
        "received_at": pl.Datetime("us"),
        "sheet": pl.String(),
        "row_number": pl.Int64(),
        "row_hash": pl.String(),
    }
    return schema | {name: dtype for name, dtype in provenance.items() if name not in schema}
