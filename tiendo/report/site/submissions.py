"""The ledger: each file that was received, what became of it and of its rows.

Of a file it tells what the published table `submissions` tells, its name too: names that say what must not be
seen are refused at the door, and where one came in all the same it is erased there.
"""

from collections.abc import Iterator
from typing import Any

from tiendo.intake.contracts import load_contracts
from tiendo.report.site.data import SiteData
from tiendo.report.site.pages import Page

STATUSES = {
    "landed": ("green", "Đã nhận", "Landed"),
    "rejected": ("red", "Từ chối", "Rejected"),
    "withdrawn": ("grey", "Đã rút", "Withdrawn"),
    "erased": ("grey", "Đã xóa", "Erased"),
}
# What became of the rows read; they add up to it.
FATES = (
    ("rows_loaded", "Nạp", "Loaded"),
    ("rows_unchanged", "Không đổi", "Unchanged"),
    ("rows_superseded", "Đã bị thay", "Superseded"),
    ("rows_quarantined", "Cách ly", "Quarantined"),
    ("rows_left_out", "Không phải số liệu", "Left out"),
)
LEDGER_SQL = """
with places as (
    select org_code, arg_max(org_name_vi, valid_from) as org_name_vi from dim_org_unit group by all
)

select
    submission_id, form, org_code, org_name_vi, period, received_at, file_name, sha256, status, rejection_vi,
    rejection_en, rows_read, rows_loaded, rows_unchanged, rows_superseded, rows_quarantined, rows_left_out,
    strftime(received_at + interval 7 hours, '%Y-%m') as received_month,
    submission_id in (select submission_id from quarantined_rows) as has_reasons
from submissions left join places using (org_code)
order by received_at desc, submission_id
"""


def form_titles() -> dict[str, tuple[str, str]]:
    """Vietnamese and English title by form."""
    titles = {form: (each.title_vi, each.title_en) for form, each in load_contracts().items()}
    return titles | {"unidentified": ("Không nhận ra biểu mẫu", "Form not recognised")}


def pages(site: SiteData) -> Iterator[Page]:
    """`submissions.html`, and where it would be too long `submissions/<month>.html` by month of receipt."""
    files = site.rows(LEDGER_SQL)
    titles = form_titles()
    common = {"titles": titles, "statuses": STATUSES, "fates": FATES}
    months = list(dict.fromkeys(file["received_month"] for file in files))
    is_split = bool(site.ledger_months)
    counted = {month: [file for file in files if file["received_month"] == month] for month in months}
    context = {
        **common,
        "summary": summed(files),
        "files": [] if is_split else files,
        "months": {month: len(of_month) for month, of_month in counted.items()} if is_split else {},
        "law": law(files),
    }
    template = "submissions.html.jinja"
    yield Page("submissions.html", template, "Tệp đã nhận", "Submissions", context)
    for month, of_month in counted.items() if is_split else ():
        number = f"{month[5:]}/{month[:4]}"
        yield Page(
            f"submissions/{month}.html",
            template,
            f"Tệp nhận trong tháng {number}",
            f"Submissions received in {number}",
            {**common, "summary": summed(of_month), "files": of_month, "months": {}, "law": law(of_month)},
            trail=(("submissions.html", "Tệp đã nhận", "Submissions"),),
        )


def summed(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Files by form: how many landed, were rejected, withdrawn or erased, and their rows."""
    forms = sorted({file["form"] for file in files})
    by_form = {form: [file for file in files if file["form"] == form] for form in forms}
    return [
        {
            "form": form,
            "files": len(of_form),
            **{status: sum(file["status"] == status for file in of_form) for status in STATUSES},
            **{name: sum(file[name] or 0 for file in of_form) for name in ("rows_read", *fate_columns())},
        }
        for form, of_form in by_form.items()
    ]


def law(files: list[dict[str, Any]]) -> dict[str, Any]:
    """The law of conservation over all files: rows read, and what became of them."""
    read = sum(file["rows_read"] or 0 for file in files)
    parts = {name: sum(file[name] or 0 for file in files) for name in fate_columns()}
    return {"read": read, "parts": parts, "holds": read == sum(parts.values())}


def fate_columns() -> tuple[str, ...]:
    """Columns of what became of the rows."""
    return tuple(name for name, _, _ in FATES)
