"""Failures that no command foresaw: one message, and the traceback in a file for the developers."""

from tiendo.disk import disk_full, memory_used_up
from tiendo.messages import TiendoError


def told(error: Exception) -> TiendoError:
    """What is said of an error that ended a command."""
    if short := disk_full(error) or memory_used_up(error):
        return short
    if isinstance(error, TiendoError):
        return error
    return refused_by_system(error) if isinstance(error, OSError) else internal_fault(error)


def refused_by_system(error: OSError) -> TiendoError:
    """TD-406: a file or folder could not be read or written."""
    what = f"{error.strerror or error} ({error.filename or '?'})"
    return TiendoError(
        "TD-406",
        f"Hệ thống không cho đọc hoặc ghi: {what}.",
        f"The system refuses to read or write: {what}.",
        "Kiểm tra quyền, dung lượng ổ đĩa và đường dẫn; chạy “tiendo doctor”.",
        "Check permissions, free disk and the path; run “tiendo doctor”.",
        exit_code=4,
    )


def internal_fault(error: Exception) -> TiendoError:
    """Writes the traceback where an engineer finds it, and tells the user where that is."""
    import tempfile
    import traceback

    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="tiendo-fault-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            traceback.print_exception(error, file=log)
    except OSError as refusal:
        return refused_by_system(refusal)
    return TiendoError(
        "TD-900",
        f"Lỗi bên trong chương trình: {type(error).__name__}.",
        f"Internal fault: {type(error).__name__}.",
        f"Bản phát hành hiện hành không bị ảnh hưởng. Gửi tệp {log.name} cho người phát triển.",
        f"The current release is untouched. Send {log.name} to the developers.",
        exit_code=4,
    )
