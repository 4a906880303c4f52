"""Names and texts in SQL, quoted in the one place where a quotation mark inside them is minded."""


def sql_name(identifier: str) -> str:
    """A table or column as SQL names it: in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def sql_text(value: object) -> str:
    """A text, path or date as SQL literal: in single quotes."""
    return "'" + str(value).replace("'", "''") + "'"
