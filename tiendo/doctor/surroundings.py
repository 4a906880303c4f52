"""What surrounds the program: settings of the environment, and the Prefect server they name."""

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import partial

from tiendo.doctor.diagnosis import Diagnosis, Words, fine, told
from tiendo.settings import Home
from tiendo.tracking import answers

# Each setting: how it is written, and an example.
CRON = (r"off|@\w+|(\S+\s+){4}\S+", "0 1 * * *")
BLOCK = r"[a-z0-9-]+/[a-z0-9{}-]+"
SETTINGS = {
    "TIENDO_HOME": (r".+", "/srv/tiendo"),
    "TIENDO_LANG": (r"vi|en", "vi"),
    "TIENDO_THREADS": (r"0*[1-9]\d*", "4"),
    "TIENDO_MEMORY": (r"(?i)\d+(\.\d+)?\s*[kmgt]i?b", "4GB"),
    "TIENDO_KEEP_DAILY": (r"\d+", "14"),
    "TIENDO_KEEP_MONTHLY": (r"\d+", "24"),
    "TIENDO_REMINDER_BLOCK": (BLOCK, "custom-webhook/nhac-viec"),
    "TIENDO_NOTIFICATION_BLOCKS": (rf"{BLOCK}(\s*,\s*{BLOCK})*", "custom-webhook/dieu-hanh"),
    **dict.fromkeys(("TIENDO_NIGHTLY", "TIENDO_MONTHLY", "TIENDO_REMINDERS", "TIENDO_PRUNING"), CRON),
    "TIENDO_SITE_URL": (r"https?://\S+", "https://tiendo.example.gov.vn"),
    "TIENDO_PREFECT_PORT": (r"[1-9]\d{3,4}", "4200"),
    "TIENDO_DATABASE": (r".+", "build/dbt/data/warehouse/warehouse.duckdb"),
    "TIENDO_DBT_THREADS": (r"0*[1-9]\d*", "4"),
    "TIENDO_DBT_MEMORY": (r"\d+(MiB|%)", "2400MiB"),
    "TIENDO_DBT_SPILL": (r".+", "target/spill"),
    "TIENDO_SPARK_MASTER": (r"local\[\d+\]|yarn|(spark|k8s)://\S+", "yarn"),
    "PREFECT_API_URL": (r"https?://\S+", "http://127.0.0.1:4200/api"),
}
WORDS: dict[str, Words] = {
    "setting_malformed": (
        "error",
        "Biến môi trường {setting}=“{value}” không hợp lệ",
        "The setting {setting}=“{value}” is malformed",
        "Viết như {example}, hoặc bỏ: unset {setting}",
        "Write it like {example}, or leave it out: unset {setting}",
    ),
    "setting_unknown": (
        "warning",
        "Biến môi trường {setting} không có tác dụng{vi}",
        "The setting {setting} has no effect{en}",
        "Sửa tên ở nơi đặt cấu hình của dịch vụ, hoặc: unset {setting}",
        "Correct the name where the service is configured, or: unset {setting}",
    ),
    "prefect_silent": (
        "warning",
        "Máy chủ Prefect không trả lời ({address}); refresh vẫn chạy nhưng không hiện trên giao diện",
        "The Prefect server does not answer ({address}); refresh runs all the same, unseen in the UI",
        "Xem: systemctl status tiendo; khởi động lại: systemctl restart tiendo",
        "Look: systemctl status tiendo; start again: systemctl restart tiendo",
    ),
}
tell = partial(told, WORDS)


def settings(home: Home) -> Iterator[Diagnosis]:
    """Settings that cannot be followed, and those no part of the program reads."""
    is_fine = True
    for name, value in sorted(os.environ.items()):
        pattern, example = SETTINGS.get(name, ("", ""))
        if pattern and value and not re.fullmatch(pattern, value):
            is_fine = False
            yield tell(home, "setting_malformed", setting=name, value=value, example=example)
        elif not pattern and name.startswith("TIENDO_"):
            is_fine = False
            (closest, *_) = [*get_close_matches(name, SETTINGS), ""]
            vi, en = (f" (có phải {closest}?)", f" (is {closest} meant?)") if closest else ("", "")
            yield tell(home, "setting_unknown", setting=name, vi=vi, en=en)
    if is_fine:
        yield fine("settings", "Biến môi trường hợp lệ", "Settings are well-formed")


def prefect(home: Home) -> Iterator[Diagnosis]:
    """The server that shows runs, where one is named."""
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        return
    # What stands between // and @ is a password.
    shown = re.sub(r"//[^/@]*@", "//…@", address)
    if answers(f"{address.rstrip('/')}/health"):
        yield fine("prefect", f"Máy chủ Prefect trả lời ({shown})", f"The Prefect server answers ({shown})")
    else:
        yield tell(home, "prefect_silent", address=shown)
