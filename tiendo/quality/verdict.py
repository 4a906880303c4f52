"""Why nothing is published, as a message that says which numbers would have been wrong."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tiendo.messages import Language, Place, TiendoError
from tiendo.quality.results import CheckResult, FailedRows, fatal_failures
from tiendo.quality.suites import SuiteError

SHOWN_CHECKS = 5
SHOWN_ROWS = 3
# Names of published tables that hang on a form.
Affected = Callable[[str], Sequence[str]]


def refusal(results: Sequence[CheckResult], docs_folder: Path, affected: Affected) -> TiendoError | None:
    """What to tell where a fatal check failed or a check could not run; None where a release may go out.

    Args:
        results: Of all checks.
        docs_folder: The data docs, which list the rows.
        affected: Gives the published tables that depend on a table of `raw`.

    Returns:
        TD-502 where numbers are wrong, TD-503 (exit 4) where all that is known is that they are unchecked.
    """
    stopping = fatal_failures(results)
    if not stopping:
        return None
    wrong = [result for result in stopping if result.has_run]
    unchecked = [result for result in stopping if not result.has_run]
    sentences = {language: _sentences(wrong, unchecked, affected, language) for language in ("vi", "en")}
    index = docs_folder / "index.html"
    return TiendoError(
        "TD-502" if wrong else "TD-503",
        sentences["vi"],
        sentences["en"],
        f"Bản phát hành trước vẫn giữ nguyên. Từng dòng sai: {index}.",
        f"The previous release stands. Every row: {index}.",
        exit_code=1 if wrong else 4,
    )


def malformed(error: SuiteError) -> TiendoError:
    """TD-503, exit 4: a suite file cannot be read, so its table would go out unchecked."""
    table = error.suite.partition(".")[2]
    return TiendoError(
        "TD-503",
        f"Không phát hành: bộ kiểm tra của bảng {table} hỏng, số liệu ở đó chưa được kiểm tra: {error}.",
        f"Nothing is published: the suite of table {table} is broken, its numbers are unchecked: {error}.",
        "Bản phát hành trước vẫn giữ nguyên. Sửa tệp nêu tên trong expectations/suites.",
        "The previous release stands. Repair the file named in expectations/suites.",
        exit_code=4,
    )


def _sentences(
    wrong: Sequence[CheckResult], unchecked: Sequence[CheckResult], affected: Affected, language: Language
) -> str:
    vi = language == "vi"
    parts: list[str] = []
    if wrong:
        told = [_told(result, affected, language) for result in wrong[:SHOWN_CHECKS]]
        start = (
            f"Không phát hành: có {len(wrong)} kiểm tra bắt buộc không đạt. Số liệu sẽ sai:"
            if vi
            else f"Nothing is published: {len(wrong)} fatal checks failed. These numbers would be wrong:"
        )
        parts.append(start + _bullets(told, len(wrong)))
    if unchecked:
        told = [f"{each.table_name}, {each.check_id}: {each.observed}" for each in unchecked[:SHOWN_CHECKS]]
        start = (
            f"Không phát hành: có {len(unchecked)} kiểm tra không chạy được. Số liệu chưa được kiểm tra:"
            if vi
            else f"Nothing is published: {len(unchecked)} checks could not run. These numbers are unchecked:"
        )
        parts.append(start + _bullets(told, len(unchecked)))
    return "\n".join(parts) + "\n"


def _bullets(told: Sequence[str], total: int) -> str:
    hidden = total - len(told)
    lines = [*told, *([f"… (+{hidden})"] if hidden else [])]
    return "".join(f"\n  • {line}" for line in lines)


def _told(result: CheckResult, affected: Affected, language: Language) -> str:
    vi = language == "vi"
    text = (result.description_vi if vi else result.description_en).rstrip(".")
    said = f"{result.table_name}, {result.check_id} “{text}”"
    if rows := result.failed:
        count = f"{rows.total:,}"
        said += f": {count.replace(',', '.')} dòng" if vi else f": {count} rows"
        examples = [describe_row(rows, row, language) for row in rows.rows[:SHOWN_ROWS]]
        if shown := " | ".join(example for example in examples if example):
            said += f", như {shown}" if vi else f", such as {shown}"
    if result.layer == "raw" and (tables := affected(result.table_name)):
        listed = ", ".join(tables)
        said += f" → ảnh hưởng bảng {listed}" if vi else f" → tables affected: {listed}"
    return said


def describe_row(failed: FailedRows, row: tuple[str | None, ...], language: Language) -> str:
    """One failed row as a phrase: the cell of a file, or the grain and values of a table."""
    known = dict(zip(failed.columns, row, strict=True))
    if "file_name" in known:
        number = known.get("row_number")
        place = Place(
            known["file_name"] or known["submission_id"],
            known.get("sheet"),
            int(number) if number else None,
            known["columns"] or None,
        )
        return place.describe(language)
    return ", ".join(f"{name} = {'∅' if value is None else value}" for name, value in known.items())
