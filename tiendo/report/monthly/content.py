"""What the templates of the monthly report name: fields, tables and pictures of one place and month.

`docs/monthly-report.md` lists them; a test compares.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tiendo.report.monthly import execution, indicators, trust
from tiendo.report.monthly.reading import Row
from tiendo.report.monthly.rows import (
    commune_rows,
    evidence_rows,
    finding_rows,
    indicator_rows,
    task_rows,
)
from tiendo.report.monthly.scope import Scope, Subject
from tiendo.report.monthly.summary import (
    MOST_AGENCIES,
    MOST_CHANGES,
    agency_rows,
    decisions,
    moved,
    movement_rows,
)
from tiendo.report.monthly.texts import brief, day, moment, number, period, signed, status

# Of long lists the Word document shows the gravest; all of them are in the workbook.
MOST_ALERTS, MOST_REPORTERS, MOST_EVIDENCE, MOST_COMMUNES = 30, 15, 10, 10
COLOURS = ("green", "yellow", "red", "grey")
Content = dict[str, Any]


def content_of(scope: Scope, subject: Subject) -> Content:
    """Reads everything one report tells.

    Returns:
        Texts and numbers by name; tables as lists of rows. Values are as published, percentages 0 to 100.
    """
    before = indicators.standings(scope, subject, scope.before_ends_on)
    now = indicators.compared(indicators.standings(scope, subject, scope.ends_on), before)
    behind = indicators.behind(now)
    tasks = execution.tasks(scope, subject)
    evidence = execution.waiting_evidence(scope, subject)
    reporters = execution.reporters(scope, subject)
    findings = trust.findings(scope, subject)
    facts = {
        "behind": behind,
        "tasks": tasks,
        "evidence": evidence,
        "reporters": reporters,
        "findings": findings,
    }
    cards = agency_rows(execution.agencies(scope, subject), behind, tasks, reporters)
    return {
        **_release(scope, subject),
        **_indicator_part(now, before, behind),
        **_certainty(now, scope.period),
        **_task_part(tasks, execution.carried_over(scope, subject)),
        **_commune_part(indicators.communes(scope, subject)),
        **_evidence_part(evidence),
        **_reporting_part(reporters),
        **_trust_part(scope, subject, findings),
        "agencies": cards,
        "answerable": [card for card in cards if card["weight"]][:MOST_AGENCIES],
        "decisions": decisions(facts),
    }


def _release(scope: Scope, subject: Subject) -> Content:
    manifest = scope.manifest
    return {
        "place": subject.name_vi,
        "place_code": subject.org_code,
        "issuer": subject.issuer_vi.upper(),
        "month": f"{scope.ends_on:%m}",
        "year": f"{scope.ends_on:%Y}",
        "period": period(scope.period),
        "period_before": period(f"{scope.before_ends_on:%Y-%m}"),
        "ends_on": day(scope.ends_on),
        "as_of": day(scope.as_of),
        "known_at": moment(datetime.fromisoformat(manifest["known_at"])),
        "release_id": manifest["release_id"],
        "code_version": manifest["code_version"],
        "is_synthetic": bool(manifest["is_synthetic"]),
        "is_later": scope.as_of > scope.ends_on,
        "synthetic": "SỐ LIỆU GIẢ LẬP, KHÔNG DÙNG ĐỂ BÁO CÁO" if manifest["is_synthetic"] else "",
        "later": f"Nhiệm vụ, minh chứng và điểm của cơ quan là tình trạng đến ngày {day(scope.as_of)}, "
        f"không phải cuối tháng {period(scope.period)}."
        if scope.as_of > scope.ends_on
        else "",
    }


def _indicator_part(now: Sequence[Row], before: Sequence[Row], behind: Sequence[Row]) -> Content:
    here, there = Counter(row["colour"] for row in now), Counter(row["colour"] for row in before)
    changes = moved(now)
    by_code = {row["code"]: row for row in indicator_rows(now)}
    better, worse = movement_rows(changes, True), movement_rows(changes, False)
    statuses = [
        {**row, "label": status(row["colour"], row["label"]), "change": signed(row["difference"])}
        for row in indicators.by_status(now, before)
    ]
    return {
        "indicators": list(by_code.values()),
        "indicators_total": len(now),
        **{colour: here[colour] for colour in COLOURS},
        **{f"{colour}_before": there[colour] for colour in COLOURS},
        **{f"{colour}_change": signed(here[colour] - there[colour]) for colour in COLOURS},
        "statuses": statuses,
        "themes": indicators.by_theme(now),
        "behind": [{**by_code[row["indicator_code"]], "number": at} for at, row in enumerate(behind, 1)],
        "behind_total": len(behind),
        "better": better,
        "worse": worse,
        "better_total": sum(row["change"] == "improved" for row in now),
        "worse_total": sum(row["change"] == "worsened" for row in now),
        "judged_total": sum(row["change"] == "judged" for row in now),
        "unjudged_total": sum(row["change"] == "unjudged" for row in now),
        "better_first": better[:MOST_CHANGES],
        "worse_first": worse[:MOST_CHANGES],
        "better_left": max(0, len(better) - MOST_CHANGES),
        "worse_left": max(0, len(worse) - MOST_CHANGES),
    }


def _certainty(now: Sequence[Row], this_month: str) -> Content:
    """How many figures are less than sure, and why."""
    figures = [row for row in now if row["actual"] is not None]
    older = [row for row in figures if row["period"] != this_month]
    return {
        "of_this_month": len(figures) - len(older),
        "of_older_period": len(older),
        "oldest_period": period(min(older, key=lambda row: row["period_end"])["period"]) if older else "",
        "without_figure": len(now) - len(figures),
        "provisional": sum(row["maturity"] == "provisional" for row in figures),
        "unverified": sum(row["is_verified"] is False for row in figures),
        "partial": sum(row["coverage_share"] is not None and row["coverage_share"] < 1 for row in figures),
        "withheld": sum(row["status"] == "withheld" for row in now),
    }


def _commune_part(rows: Sequence[Row]) -> Content:
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row["org_name_vi"], Counter())[row["colour"]] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1]["red"], -item[1]["yellow"], item[0]))
    return {
        "communes": list(commune_rows(rows)),
        "communes_total": len(counts),
        "communes_behind": [
            {"commune": name, **{colour: found[colour] for colour in COLOURS}}
            for name, found in ranked[:MOST_COMMUNES]
            if found["red"] or found["yellow"]
        ],
    }


def _task_part(rows: Sequence[Row], carried: int) -> Content:
    told = list(task_rows(rows))
    alerts = [row for row in told if row["alert"]]
    longest = sorted(alerts, key=lambda row: (-(row["days_overdue"] or 0), row["plan"], row["row_ref"]))
    rules: Counter[str] = Counter()
    for row in rows:
        rules.update(rule for rule in (row["alert_rule"] or "").split(";") if rule and row["alert"])
    states = [{**row, "label": status(row["colour"], row["label"])} for row in execution.by_state(list(rows))]
    return {
        "tasks": told,
        "tasks_total": len(rows),
        "tasks_carried": carried,
        "tasks_done": sum(row["state"] in ("done_on_time", "done_late") for row in rows),
        "tasks_overdue": sum(row["state"] == "overdue" for row in rows),
        "tasks_not_reported": sum(row["state"] == "not_reported" for row in rows),
        "alerts_total": len(alerts),
        "states": states,
        "alert_rules": [
            {"rule": execution.RULES.get(rule, rule), "tasks": count}
            for rule, count in sorted(rules.items(), key=lambda item: (-item[1], item[0]))
        ],
        "alerts": [{**row, "number": at} for at, row in enumerate(longest[:MOST_ALERTS], 1)],
        "alerts_left": max(0, len(alerts) - MOST_ALERTS),
        "overdue_agencies": [
            {"number": at, **row} for at, row in enumerate(execution.overdue_by_lead(list(rows)), 1)
        ],
    }


def _evidence_part(rows: Sequence[Row]) -> Content:
    told = list(evidence_rows(rows))
    return {
        "evidence": told,
        "evidence_total": len(told),
        "evidence_longest": max((row["days"] for row in told), default=0),
        "evidence_first": told[:MOST_EVIDENCE],
        "evidence_left": max(0, len(told) - MOST_EVIDENCE),
    }


def _reporting_part(rows: Sequence[Row]) -> Content:
    lacking = [row for row in rows if row["late"] or row["missing"]]
    return {
        "reporters": list(rows),
        "reports_due": sum(row["due"] for row in rows),
        "reports_on_time": sum(row["on_time"] for row in rows),
        "reports_late": sum(row["late"] for row in rows),
        "reports_missing": sum(row["missing"] for row in rows),
        "reporters_lacking": lacking[:MOST_REPORTERS],
        "reporters_left": max(0, len(lacking) - MOST_REPORTERS),
    }


def _trust_part(scope: Scope, subject: Subject, findings: Sequence[Row]) -> Content:
    kept_out = trust.quarantined(scope, subject)
    kinds = Counter((row["area"], row["kind"], row["severity"]) for row in findings)
    order = list(trust.SEVERITIES)
    return {
        "quality": [
            {**row, "score_text": f"{number(row['score'], 2)}%"} for row in trust.quality(scope, subject)
        ],
        "quarantined_rows": kept_out["rows"],
        "quarantined_files": kept_out["files"],
        "findings": list(finding_rows(findings)),
        "findings_total": len(findings),
        "findings_high": sum(row["severity"] == "high" for row in findings),
        "finding_kinds": [
            {
                "area": area,
                "kind": brief(kind, 200),
                "severity": trust.SEVERITIES.get(grave, grave),
                "count": n,
            }
            for (area, kind, grave), n in sorted(
                kinds.items(),
                key=lambda item: (order.index(item[0][2]) if item[0][2] in order else 9, -item[1], item[0]),
            )
        ],
        "checks": trust.failed_checks(scope),
    }
