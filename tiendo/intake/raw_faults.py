"""What can be wrong with a file that lies under `data/raw`."""

from tiendo.messages import Place, TiendoError


def gone(raw_path: str) -> TiendoError:
    """TD-403: an entered file is no longer there."""
    return TiendoError(
        "TD-403",
        "Tệp gốc đã nộp không còn trong data/raw; số liệu của nó vẫn còn cho đến khi chạy tiendo rebuild.",
        "A submitted file is no longer in data/raw; its rows stay until tiendo rebuild.",
        "Hãy khôi phục tệp từ bản sao lưu, hoặc chạy tiendo rebuild nếu chủ ý xóa.",
        "Restore it from a backup, or run tiendo rebuild if it was removed on purpose.",
        Place(raw_path),
    )


def misplaced(raw_path: str) -> TiendoError:
    """TD-112: a file whose path says nothing."""
    return TiendoError(
        "TD-112",
        "Tệp trong data/raw không theo quy tắc đặt tên nên bị bỏ qua.",
        "A file in data/raw does not follow the naming rule and is left out.",
        "Hãy nộp tệp bằng lệnh tiendo submit rồi xóa tệp này.",
        "Submit it with tiendo submit and remove this one.",
        Place(raw_path),
    )


def changed() -> TiendoError:
    """TD-404: the content is not what the name says."""
    return TiendoError(
        "TD-404",
        "Tệp gốc trong data/raw đã bị thay đổi sau khi nộp nên bị loại.",
        "A file in data/raw was changed after it was received and is rejected.",
        "Hãy khôi phục tệp gốc từ bản sao lưu, hoặc nộp tệp mới bằng tiendo submit.",
        "Restore the original from a backup, or submit the new file with tiendo submit.",
    )


def altered(raw_path: str) -> TiendoError:
    """TD-404: the content is not what the name says, and what was landed of it before is still there."""
    return TiendoError(
        "TD-404",
        "Tệp gốc trong data/raw đã bị thay đổi sau khi nộp; số liệu đã nạp của nó vẫn còn cho đến khi chạy "
        "tiendo rebuild.",
        "A file in data/raw was changed after it was received; its rows stay until tiendo rebuild.",
        "Hãy khôi phục tệp gốc từ bản sao lưu.",
        "Restore the original from a backup.",
        Place(raw_path),
    )


def readable_now() -> TiendoError:
    """TD-113: a file of no known form that has become one."""
    return TiendoError(
        "TD-113",
        "Tệp trước đây không nhận dạng được, nay đọc được.",
        "The file was not recognised when it came and can be read now.",
        "Hãy nộp lại tệp này bằng lệnh tiendo submit.",
        "Submit it again with tiendo submit.",
    )


def internal(error: Exception) -> TiendoError:
    """TD-400: the program failed on one file."""
    return TiendoError(
        "TD-400",
        f"Lỗi bên trong chương trình khi đọc tệp: {type(error).__name__}.",
        f"An internal fault while reading the file: {type(error).__name__}.",
        "Hãy báo người quản trị hệ thống và gửi kèm tệp.",
        "Tell whoever maintains the system and send the file along.",
        exit_code=4,
    )
