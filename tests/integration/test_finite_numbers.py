"""No curated number is NaN or infinite, over a whole synthetic year and where figures are absurd; that such
a table is not published is tested in tests/unit/test_publish.py.
"""

from pathlib import Path

import polars as pl
import polars.selectors as cs
from conftest import tiendo

REPORT = "Mã chỉ tiêu,Mã đơn vị,Kỳ báo cáo,Cách tính,Tử số,Mẫu số,Giá trị\n"
COVERAGE = "Mã đơn vị,Kỳ báo cáo,Đơn vị cung cấp,Dân số,Dân số được phủ sóng 5G\n"
ECONOMY = "Mã tỉnh,Kỳ báo cáo,Cách tính,GRDP,GTTT kinh tế số lõi,GTTT số hóa ngành khác,Cơ quan công bố\n"
MONTHS = ("01/2026", "02/2026", "03/2026")
# Each number fits its column; their sums, ratios and products do not.
ABSURD = {
    "bieu-01.csv": REPORT
    + "".join(
        f"gov_dossier_online_received_share,66,{m},Trong kỳ,600000000000,700000000000,\n" for m in MONTHS
    )
    + "".join(f"gov_dossier_online_received_share,68,{m},Trong kỳ,999999999999,0.000001,\n" for m in MONTHS)
    + "".join(f"society_vneid_share,66,{m},,20000,0.000001,\n" for m in MONTHS)
    + "".join(f"science_provincial_tasks_count,66,{m},Trong kỳ,,,999999999998\n" for m in MONTHS),
    "bieu-01-xa.csv": REPORT
    + "".join(
        f"society_vneid_share,{c},{m},,9e11,9e11,\n".replace("9e11", "9" * 12)
        for c in ("24133", "24121")
        for m in MONTHS
    ),
    "bieu-04.csv": COVERAGE
    + "".join(f"{c},{m},Sở KH&CN,{'9' * 12},{'9' * 12}\n" for c in ("24133", "24121") for m in MONTHS),
    "bieu-05.csv": ECONOMY
    + "".join(f"66,Quý {q}/2026,Trong kỳ,{'9' * 12},{'9' * 12},{'9' * 12},TK\n" for q in ("I", "II")),
}


def odd_numbers(home: Path) -> tuple[list[str], int]:
    """Tables that hold NaN or infinity, and how many numbers were looked at."""
    odd: list[str] = []
    checked = 0
    for path in sorted((home / "data/curated/current").glob("*.parquet")):
        floats = pl.read_parquet(path).select(cs.float())
        counts = floats.select((~pl.all().is_finite()).sum())
        odd += [f"{path.stem}: {counts.to_dicts()}"] if counts.width and any(counts.row(0)) else []
        checked += sum(floats.height - column.null_count() for column in floats)
    return odd, checked


def test_no_curated_number_is_nan_or_infinite(demo_home: Path) -> None:
    odd, checked = odd_numbers(demo_home)
    assert not odd
    assert checked > 100_000, "the demo holds too few numbers to prove anything"


def test_absurd_numbers_neither_stop_a_release_nor_get_into_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name, text in ABSURD.items():
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        tiendo("submit", str(file), "--home", str(home), "--received-at", "2026-07-01T09:00+07:00")
    tiendo("refresh", "--home", str(home), "--as-of", "2026-06-30")
    odd, _ = odd_numbers(home)
    assert not odd
    progress = pl.read_parquet(home / "data/curated/current/indicator_progress.parquet")
    assert progress.select(pl.col("actual").abs().max()).item() < 1e12
    assert progress["status_reason"].null_count() == 0
