"""The seven tables of a plan registry: their columns, types, keys, closed lists and references.

Names and order are those of the files under `data/raw/plans`; `plans.py` reads and checks by this list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def _one_of(names: str) -> frozenset[str]:
    return frozenset(names.split())


UNITS = _one_of(
    "percent percent_grdp percent_budget count project index_0_1 rank per_10k_people score hour boolean text"
)
PACES = _one_of("level cumulative flow by_date none")
TARGET_KINDS = _one_of("at_least at_most equal range boolean rank_text qualitative")


@dataclass(frozen=True)
class Reference:
    """Columns whose values, where given, are a row of another table (or of the same one)."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True)
class RegistryTable:
    """How one file is read.

    Attributes:
        name: File name without `.csv`.
        columns: Columns that must be there; others are kept as text.
        key: Columns that identify a row and are never empty.
        required: Further columns that are never empty; flags and closed columns see to it themselves.
        dates: Columns of ISO dates.
        flags: Columns of 'yes' and 'no'.
        numbers: Columns of numbers with at most twelve digits before and six after the point.
        closed: The only values a column may have; '' among them where it may be empty.
        references: What must be found elsewhere in the registry.
        rules: Columns that the warehouse executes as SQL.
        spliced: Columns of names that are written into the same SQL.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    required: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    closed: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    references: tuple[Reference, ...] = ()
    rules: tuple[str, ...] = ()
    spliced: tuple[str, ...] = ()


_PLAN = Reference(("plan_id",), "plans", ("plan_id",))
_INDICATOR = Reference(("indicator_code",), "indicators", ("indicator_code",))

PLANS = RegistryTable(
    name="plans",
    columns=_columns(
        "plan_id number issuer_vi level province_code commune_name issue_date scope_vi supersedes "
        "source_file org_code valid_from date_is_assumed accountable_role"
    ),
    key=("plan_id",),
    required=("org_code", "valid_from"),
    dates=("issue_date", "valid_from"),
    flags=("date_is_assumed",),
    closed={
        "level": _one_of("province party_committee commune"),
        "accountable_role": _one_of("lead responsible monitor"),
    },
)
INDICATORS = RegistryTable(
    name="indicators",
    columns=_columns(
        "indicator_code name_vi name_en theme unit direction kind numerator_vi denominator_vi over_places "
        "over_time frequency source_system_vi derivable note applies_to_level evidence_required publisher_vi "
        "primary_source"
    ),
    key=("indicator_code",),
    required=("name_vi", "name_en", "theme"),
    flags=("derivable", "evidence_required"),
    closed={
        "unit": UNITS,
        "direction": _one_of("higher lower reach"),
        "kind": _one_of("ratio count index boolean text rank"),
        "over_places": _one_of("sum ratio_of_sums none"),
        "over_time": _one_of("last sum_in_year ratio_of_sums none"),
        "frequency": _one_of("month quarter half_year year"),
        "applies_to_level": _one_of("province both agency commune"),
        "primary_source": _one_of("reported computed published"),
    },
)
AGENCIES = RegistryTable(
    name="agencies",
    columns=_columns("agency_code name_vi name_en short_name kind province_code aliases"),
    key=("agency_code",),
    required=("name_vi",),
)
PLAN_TARGETS = RegistryTable(
    name="plan_targets",
    columns=_columns(
        "plan_id row_ref section_vi name_vi unit_raw milestone_year target_raw target_kind target_low "
        "target_high unit per lead_raw responsible_raw monitor_raw source_doc_raw indicator_code note pace "
        "milestone_on embedded duplicate_of strict assigned_level not_a_target"
    ),
    key=("plan_id", "row_ref", "milestone_on"),
    required=("indicator_code", "target_raw"),
    dates=("milestone_on",),
    flags=("embedded", "strict", "not_a_target"),
    numbers=("target_low", "target_high"),
    closed={
        "target_kind": TARGET_KINDS,
        "unit": UNITS,
        "per": frozenset({"", "year"}),
        "pace": PACES,
        "assigned_level": _one_of("own province central"),
    },
    references=(
        _PLAN,
        _INDICATOR,
        Reference(("plan_id", "duplicate_of"), "plan_targets", ("plan_id", "row_ref")),
    ),
)
PLAN_TASKS = RegistryTable(
    name="plan_tasks",
    columns=_columns(
        "plan_id row_ref group_no group_vi title_vi lead_raw coordinating_raw head_responsible_raw "
        "deliverable_vi kpi_vi deadline_raw deadline_kind due_on start_on recurrence assigned_by_raw note"
    ),
    key=("plan_id", "row_ref"),
    required=("title_vi",),
    dates=("due_on", "start_on"),
    closed={
        "deadline_kind": _one_of("date month quarter year school_year period recurring schedule unparseable"),
        "recurrence": _one_of("continuous monthly quarterly yearly") | {""},
    },
    references=(_PLAN,),
)
INDICATOR_MEASURES = RegistryTable(
    name="indicator_measures",
    columns=_columns(
        "indicator_code form numerator_rule denominator_rule numerator_sum denominator_sum month_basis "
        "excluded_states org_basis variant is_default note"
    ),
    key=("indicator_code", "variant"),
    required=("numerator_rule", "denominator_rule"),
    flags=("is_default",),
    closed={
        "form": _one_of("F02 F03 F04 F05 F10"),
        "month_basis": _one_of("received completed valid_at period"),
        "org_basis": _one_of("place receiving competent"),
    },
    references=(_INDICATOR,),
    rules=("numerator_rule", "denominator_rule", "numerator_sum", "denominator_sum"),
    spliced=("indicator_code", "variant", "excluded_states"),
)
TASK_AGENCIES = RegistryTable(
    name="task_agencies",
    columns=_columns("plan_id row_ref role agency_code"),
    key=("plan_id", "row_ref", "role", "agency_code"),
    closed={"role": _one_of("lead coordinating")},
    references=(
        Reference(("plan_id", "row_ref"), "plan_tasks", ("plan_id", "row_ref")),
        Reference(("agency_code",), "agencies", ("agency_code",)),
    ),
)

TABLES = (PLANS, INDICATORS, AGENCIES, PLAN_TARGETS, PLAN_TASKS, INDICATOR_MEASURES, TASK_AGENCIES)

_NAMES = frozenset(table.name for table in TABLES)


def view_name(form: str) -> str:
    """Name in `raw` of a form's landed rows: a form called like a table of the registry yields to it."""
    return f"submitted_{form}" if form in _NAMES else form
