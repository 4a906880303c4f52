"""The words in which a data dictionary describes types, rows and look-ups, in the workbook as on the site."""

from tiendo.publish.catalogue import CuratedTable, ForeignKey

# DuckDB type → Vietnamese and English words.
TYPE_WORDS = {
    "BIGINT": ("số nguyên", "integer"),
    "DECIMAL(18,6)": ("số thập phân", "decimal"),
    "DOUBLE": ("số thực", "number"),
    "DATE": ("ngày", "date"),
    "TIMESTAMP": ("thời điểm UTC", "moment, UTC"),
    "BOOLEAN": ("đúng/sai", "true/false"),
    "VARCHAR": ("văn bản", "text"),
}


def row_words(table: CuratedTable) -> str:
    """What one row is, as the Vietnamese labels of the grain: `Mã đơn vị · Mã chỉ tiêu · Kỳ`."""
    labels = {column.name: column.label_vi for column in table.columns}
    return " · ".join(labels[name] for name in table.grain)


def key_words(key: ForeignKey) -> str:
    """`org_code, org_valid_from → dim_org_unit (org_code, valid_from)`."""
    return f"{', '.join(key.columns)} → {key.table} ({', '.join(key.reference_columns)})"
