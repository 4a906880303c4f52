"""The tables of docs/performance.md, from the records of a measurement: ratios first, then their grounds.

Of several runs of one thing the best counts, since whatever else a machine does only adds to a time.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tiendo.settings import PROJECT

PAGE = PROJECT / "docs" / "performance.md"
START = "<!-- measured: written by tests/benchmarks, do not edit -->"
END = "<!-- measured: end -->"
Record = Mapping[str, Any]
FRAMEWORKS = ("import dbt", "import Great Expectations")
LARGEST = 3


class Found:
    """The records, by workload and what ran."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records

    def of(self, workload: str, what: str) -> list[Record]:
        """All runs of one thing."""
        return [each for each in self.records if (each["workload"], each["what"]) == (workload, what)]

    def best(self, workload: str, what: str) -> Record | None:
        """The quickest run; None where there is none."""
        return min(self.of(workload, what), key=lambda each: each["wall"], default=None)

    def total(self, measure: str, *runs: tuple[str, str]) -> float | None:
        """A measure of the best runs added up; None where one is missing."""
        found = [self.best(*run) for run in runs]
        if any(each is None for each in found):
            return None
        return sum(min(each[measure] for each in self.of(*run)) for run in runs)

    def beyond(self, workload: str, what: Sequence[str], imports: Sequence[str]) -> float | None:
        """The most memory that the runs held, less what their imports alone hold."""
        peaks = [self.total("peak_mb", (workload, name)) for name in what]
        start = self.total("peak_mb", *(("imports", name) for name in imports))
        return (
            None
            if start is None or None in peaks
            else max(peak for peak in peaks if peak is not None) - start
        )


def tables(told: Mapping[str, Any]) -> str:
    """All tables as Markdown."""
    found = Found(told["records"])
    parts = [ratio_table(found), cost_table(found), query_table(found), *step_tables(found)]
    return "\n".join([*machine_lines(told), "", *(part for part in parts if part)])


def write_page(told: Mapping[str, Any], on: str) -> None:
    """Puts the tables between the marks of the page; the words around them stay."""
    text = PAGE.read_text(encoding="utf-8")
    middle = f"{START}\n\nMeasured on {on}.\n\n{tables(told)}\n{END}"
    PAGE.write_text(
        re.sub(f"{re.escape(START)}.*{re.escape(END)}", lambda _: middle, text, flags=re.DOTALL), "utf-8"
    )


def machine_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Machine, versions and how large the workloads were."""
    machine = told["machine"]
    versions = {"Python": machine["python"], **machine["versions"]}
    yield (
        f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gib']} GiB; "
        + ", ".join(f"{name} {number}" for name, number in versions.items())
        + "."
    )
    scales = {each["workload"]: each["scale"] for each in told["records"] if each["scale"] != 1}
    scales.pop("imports", None)
    if scales:
        yield (
            "Smaller than asked: " + ", ".join(f"{name} to {scale:g}" for name, scale in scales.items()) + "."
        )
    held = [each["is_limit_kept"] for each in told["records"] if "is_limit_kept" in each]
    if held:
        yield f"In W3 {'the system' if all(held) else 'nobody but the program itself'} kept the 4 GiB."


def ratio_table(found: Found) -> str:
    """What is asked, and what is."""
    rows = [(name, limit, f"{ratio:.2f}") for name, limit, ratio in ratios(found) if ratio is not None]
    return table(("ratio", "at most", "measured"), rows)


def ratios(found: Found) -> Iterator[tuple[str, str, float | None]]:
    """Each ratio with its limit; None where a run for it is missing."""
    starts = [("imports", name) for name in FRAMEWORKS]
    bare_w1, bare_w2 = [("W1", "bare DuckDB")], [("W2", "bare DuckDB: land"), ("W2", "bare DuckDB: publish")]
    refresh_w1, refresh_w2 = [("W1", "tiendo refresh")], [("W2", "tiendo refresh")]

    def ratio(
        upper: Sequence[tuple[str, str]], lower: Sequence[tuple[str, str]], measure: str = "wall"
    ) -> float | None:
        above, below = found.total(measure, *upper), found.total(measure, *lower)
        return above / below if above is not None and below else None

    yield "W1 refresh / (bare DuckDB + imports)", "2.0", ratio(refresh_w1, [*bare_w1, *starts])
    yield "W1 the same in processor time", "", ratio(refresh_w1, [*bare_w1, *starts], "cpu")
    yield "W2 refresh / (bare DuckDB + imports)", "1.5", ratio(refresh_w2, [*bare_w2, *starts])
    yield "W2 the same in processor time", "", ratio(refresh_w2, [*bare_w2, *starts], "cpu")
    intake, landed = step_seconds(found, "W2", "tiendo refresh", "intake"), found.total("wall", bare_w2[0])
    yield "W2 landing / bare DuckDB's", "", intake / landed if intake and landed else None
    full = [("W2", "tiendo refresh --full")]
    yield (
        "W2 refresh --full of what is landed / (bare DuckDB's + imports)",
        "",
        ratio(full, [bare_w2[1], *starts]),
    )
    for work, bare in (("W1", bare_w1), ("W2", bare_w2)):
        mine = found.beyond(work, ["tiendo refresh"], FRAMEWORKS)
        theirs = found.beyond(work, [what for _, what in bare], ["import duckdb"])
        yield (
            f"{work} memory beyond imports / bare DuckDB's",
            "1.5",
            mine / theirs if mine and theirs else None,
        )
    fixed, whole = found.total("wall", ("W4", "one new workbook")), found.total("wall", *refresh_w2)
    for late in ("an extract sent again", "a correction by letter"):
        taken = found.total("wall", ("W4", late))
        beyond = None if taken is None or fixed is None or not whole else (taken - fixed) / whole
        yield f"W4 {late}, beyond one new workbook / W2 refresh", "0.05", beyond
    nights = [[("nights", f"a night after {months} months")] for months in (24, 36)]
    yield "a night after 36 months / after 24", "1.10", ratio(nights[1], nights[0])
    yield "the same in processor time", "1.10", ratio(nights[1], nights[0], "cpu")
    rates = [rate(found.best(work, "tiendo refresh")) for work in ("W2", "W3")]
    yield "W2 dossiers per second / W3's", "1.43", rates[0] / rates[1] if rates[0] and rates[1] else None
    for work in ("W1", "W2"):
        for way in ("dlt, tables", "dlt, rows"):
            intake, other = (
                step_seconds(found, work, "tiendo refresh", "intake"),
                found.total("wall", (work, way)),
            )
            yield f"{work} intake / {way}", "1.0", intake / other if intake and other else None
    office = [("W2", "pandas and openpyxl")]
    yield "W2 refresh / pandas and openpyxl", "1.0", ratio(refresh_w2, office)
    yield "W2 memory / pandas and openpyxl", "0.33", ratio(refresh_w2, office, "peak_mb")


def rate(record: Record | None) -> float | None:
    """Dossiers per second of a refresh."""
    return record["dossiers"] / record["wall"] if record else None


def step_seconds(found: Found, workload: str, what: str, name: str) -> float | None:
    """Seconds that a step took at best."""
    profiles = [each["profile"] for each in found.of(workload, what) if "profile" in each]
    taken = [step["seconds"] for profile in profiles for step in profile["steps"] if step["name"] == name]
    return min(taken, default=None)


def cost_table(found: Found) -> str:
    """Every run's best."""
    keys = dict.fromkeys((each["workload"], each["what"]) for each in found.records if "wall" in each)
    rows = []
    for work, what in keys:
        runs = found.of(work, what)
        walls, cpu, peak = (min(each[name] for each in runs) for name in ("wall", "cpu", "peak_mb"))
        rows.append((work, what, str(len(runs)), f"{walls:.2f}", f"{cpu:.2f}", f"{peak:,.0f}"))
    return table(("workload", "what ran", "runs", "seconds", "processor seconds", "most memory, MB"), rows)


def query_table(found: Found) -> str:
    """The twenty questions."""
    asked = [each for each in found.records if each["workload"] == "W5"]
    rows = [
        (each["what"], f"{each['median_ms']:.0f}", f"{each['worst_ms']:.0f}", each["worst"]) for each in asked
    ]
    return table(("W5, twenty questions from", "median ms", "worst ms", "which"), rows)


def step_tables(found: Found) -> Iterator[str]:
    """Where the time of each workload went: the largest steps, and the slowest statements in them."""
    for work, what in dict.fromkeys(
        (each["workload"], each["what"]) for each in found.records if "profile" in each
    ):
        profile = min(found.of(work, what), key=lambda each: each["wall"])["profile"]
        steps = sorted(profile["steps"], key=lambda step: -step["cpu_seconds"])[:LARGEST]
        slowest = ", ".join(
            f"{each['name'].rpartition('.')[2]} {each['seconds']:.1f} s"
            for each in profile["slowest_statements"][:LARGEST]
        )
        rows = [
            (
                step["name"],
                f"{step['seconds']:.2f}",
                f"{step['cpu_seconds']:.2f}",
                slowest * (step["name"] == "transform"),
            )
            for step in steps
        ]
        yield table((f"{work}: {what}", "seconds", "processor seconds", "slowest statements"), rows)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; nothing where there is no row."""
    listed = list(rows)
    if not listed:
        return ""
    lines = [headings, ["---"] * len(headings), *listed]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
