"""The files that are submitted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

HEADER = "Mã đơn vị,Kỳ báo cáo,Dân số,Dân số được phủ sóng 5G"


@dataclass(frozen=True)
class Input:
    """A file to submit.

    Attributes:
        name: Of the file.
        text: Its content; `{submission}` stands for the identifier of the first submission.
        received_at: When.
    """

    name: str
    text: str
    received_at: str

    def at(self, folder: Path) -> Path:
        path = folder / self.name
        path.write_text(self.text, encoding="utf-8")
        return path


def coverage(month: int, covered: int, received_at: str, *more: str) -> Input:
    """The coverage of one commune in one month; `more` are further rows."""
    rows = "\n".join((HEADER, f"24133,{month:02}/2026,20000,{covered}", *more))
    return Input(f"phu-song-{month}-{covered}.csv", f"{rows}\n", received_at)


FIRST = coverage(3, 10_000, "2026-04-05T09:00+07:00")
# What changes from one state of the home to the next.
CHANGES = (
    coverage(4, 15_000, "2026-05-05T09:00+07:00"),
    coverage(3, 11_000, "2026-05-06T09:00+07:00"),
    coverage(5, 16_000, "2026-06-05T09:00+07:00", "24134,05/2026,không rõ,1"),
    Input(
        "rut.csv",
        "Mã lần nộp được rút,Lý do,Số văn bản,Ngày ký\n{submission},Nhầm đơn vị,46/UBND,12/06/2026\n",
        "2026-06-15T09:00+07:00",
    ),
)


def later(moment: str, minutes: int) -> str:
    return (datetime.fromisoformat(moment) + timedelta(minutes=minutes)).isoformat()
