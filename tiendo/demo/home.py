"""Which homes a demo may fill, and the marker that says so: real and synthetic data never mix.

The marker is written before the first file, so that not even a killed filling leaves an unmarked home.
"""

from tiendo.demo.world import World
from tiendo.messages import TiendoError
from tiendo.settings import PROJECT, Home

# Before July 2025 the communes of today did not exist.
MOST_MONTHS = 16
_NO_FORMS = frozenset({"plans"})

MARKER = """# DỮ LIỆU MÔ PHỎNG · SYNTHETIC DATA

Mọi tệp trong thư mục này (trừ `plans/`) do lệnh `tiendo demo` tạo ra để dùng thử phần mềm. Không có số liệu
nào là thật, không được dùng để báo cáo hay đánh giá bất cứ đơn vị nào.

Every file in this folder (except `plans/`) was made by `tiendo demo` for trying the software out. No figure
is real; none may be used to report on or to judge anybody.

tiendo demo --seed {seed} --provinces {provinces} --months {months} --dossiers {dossiers}
"""


def marker_text(world: World) -> str:
    """The marker of a home filled with these arguments."""
    return MARKER.format(
        seed=world.seed,
        provinces=",".join(world.provinces),
        months=world.month_count,
        dossiers=world.dossier_count,
    )


def refuse_unfit_arguments(world: World) -> None:
    """Raises TD-703 for arguments no demo can have."""
    unknown = [province for province in world.provinces if world.communes[province].is_empty()]
    if unknown or not world.provinces or len(set(world.provinces)) < len(world.provinces):
        raise _unfit(
            f"Danh sách tỉnh không hợp lệ: {', '.join(unknown or world.provinces) or '(trống)'}.",
            f"Not a list of today's provinces: {', '.join(unknown or world.provinces) or '(empty)'}.",
            "Hãy ghi các mã tỉnh hiện hành, ví dụ --provinces 66,68,75.",
            "Give codes of today's provinces, such as --provinces 66,68,75.",
        )
    if not 1 <= world.month_count <= MOST_MONTHS or world.dossier_count < 1 or world.seed < 0:
        raise _unfit(
            f"Số tháng phải từ 1 đến {MOST_MONTHS}, số hồ sơ ít nhất 1, số mầm (seed) không âm.",
            f"Months must be 1 to {MOST_MONTHS}, dossiers at least 1, the seed not negative.",
            "Hãy chạy lại với các giá trị đó, ví dụ --months 12 --dossiers 200000.",
            "Run again with such values, for example --months 12 --dossiers 200000.",
        )


def refuse_unfit_home(home: Home, world: World) -> None:
    """Raises TD-701 where the home is not for synthetic data, TD-702 where it is another demo's."""
    if home.root.resolve() == PROJECT or (not home.is_synthetic and _holds_submissions(home)):
        raise TiendoError(
            "TD-701",
            "Thư mục này chứa số liệu thật, không được trộn với dữ liệu mô phỏng.",
            "This home is for real submissions; synthetic data must not be mixed in.",
            "Hãy chọn một thư mục trống, ví dụ: tiendo demo --home demo",
            "Choose an empty folder, for example: tiendo demo --home demo",
            exit_code=2,
        )
    if home.is_synthetic and home.synthetic_marker.read_text(encoding="utf-8") != marker_text(world):
        raise TiendoError(
            "TD-702",
            "Thư mục này đã được tạo bằng tham số khác.",
            "This home was filled with other arguments.",
            f"Hãy dùng đúng các tham số ghi trong {home.synthetic_marker.name}, hoặc chọn thư mục khác.",
            f"Use the arguments stated in {home.synthetic_marker.name}, or choose another folder.",
            exit_code=2,
        )


def mark_synthetic(home: Home, world: World) -> None:
    """Writes the marker, once."""
    if not home.is_synthetic:
        home.raw.mkdir(parents=True, exist_ok=True)
        unfinished = home.synthetic_marker.with_suffix(".tmp")
        unfinished.write_text(marker_text(world), encoding="utf-8")
        unfinished.replace(home.synthetic_marker)


def _holds_submissions(home: Home) -> bool:
    if not home.raw.is_dir():
        return False
    folders = [path for path in home.raw.iterdir() if path.is_dir() and path.name not in _NO_FORMS]
    return any(path.is_file() for folder in folders for path in folder.rglob("*"))


def _unfit(vi: str, en: str, way_out_vi: str, way_out_en: str) -> TiendoError:
    return TiendoError("TD-703", vi, en, way_out_vi, way_out_en, exit_code=2)
