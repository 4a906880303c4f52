"""Says whether a rule of indicator_measures.csv may run as SQL.

The rules are data that the warehouse executes, so only row-wise expressions over column names pass: no
query, comment, foreign function or clock, and nothing that could close the expression they are put into.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<word>[a-z][a-z0-9_]*)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<string>'[a-z_0-9 ]*')"
    r"|(?P<operator><=|>=|<>|!=|[=<>+*/-])"
    r"|(?P<punctuation>[(),])"
)
_FUNCTIONS = frozenset({"cast", "coalesce", "greatest", "least"})
_CONNECTIVES = frozenset({"and", "as", "else", "in", "is", "not", "or", "then", "when"})
_SYNTAX = _FUNCTIONS | _CONNECTIVES | {"case", "date", "end", "false", "null", "true"}
# Words that SQL reads without parentheses as something other than a column of the row.
_FORBIDDEN = re.compile(
    r"all|any|current_\w+|distinct|exists|from|group|having|intersect|except|join|lambda|limit|localtime|localtimestamp"
    r"|offset|order|over|pivot|qualify|select|session_user|some|table|union|user|using|values|where|window|with"
)

Token = tuple[str, str]


def find_forbidden(rule: str) -> str | None:
    """The first piece of a measure rule that may not run.

    Args:
        rule: A condition or amount, such as "channel = 'online' and state = 'done'".

    Returns:
        The offending piece, or None where the whole rule is allowed.
    """
    tokens, rest = _tokenise(rule)
    if rest:
        return rest[:20]
    return _bad_word(tokens) or _bad_neighbours(tokens) or _bad_nesting(tokens) or _bad_day(tokens)


def _tokenise(rule: str) -> tuple[list[Token], str]:
    """Tokens (kind, text) without spaces, and what is left from the first unknown character on."""
    tokens: list[Token] = []
    position = 0
    while match := _TOKEN.match(rule, position):
        position = match.end()
        if match.lastgroup and match.lastgroup != "space":
            tokens.append((match.lastgroup, match.group()))
    return tokens, rule[position:]


def _is_operand(token: Token) -> bool:
    kind, text = token
    return kind in {"number", "string"} or (kind == "word" and text not in _SYNTAX)


def _ends_a_value(token: Token) -> bool:
    return _is_operand(token) or token[1] in {")", "end", "false", "null", "true"}


def _starts_a_value(token: Token) -> bool:
    return _is_operand(token) or token[1] in _FUNCTIONS | {"(", "case", "false", "null", "true"}


def _bad_word(tokens: Sequence[Token]) -> str | None:
    """A forbidden word, or a call of anything but the four allowed functions."""
    for index, (kind, text) in enumerate(tokens):
        is_called = kind == "word" and tokens[index + 1 : index + 2] == [("punctuation", "(")]
        if kind == "word" and _FORBIDDEN.fullmatch(text):
            return text
        if is_called and text not in _FUNCTIONS | _CONNECTIVES:
            return f"{text}("
    return None


def _bad_neighbours(tokens: Sequence[Token]) -> str | None:
    """Two values in a row (an alias, a query) or '--' and '/*', which open a comment."""
    for left, right in pairwise(tokens):
        if _ends_a_value(left) and _starts_a_value(right):
            return f"{left[1]} {right[1]}"
        if left[1] + right[1] in {"--", "/*"}:
            return left[1] + right[1]
    return None


def _bad_nesting(tokens: Sequence[Token]) -> str | None:
    """A parenthesis or `case` not closed inside the rule, or a comma or branch that would end the host's."""
    open_ends: list[str] = []
    closes = {")": "(", "end": "case"}
    belongs = {",": "(", "as": "(", "when": "case", "then": "case", "else": "case"}
    for _, text in tokens:
        needed = closes.get(text) or belongs.get(text)
        if needed is not None and open_ends[-1:] != [needed]:
            return text
        if text in closes:
            open_ends.pop()
        elif text in {"(", "case"}:
            open_ends.append(text)
    return open_ends[-1] if open_ends else None


def _bad_day(tokens: Sequence[Token]) -> str | None:
    """Of a rule that asks for `period_end`, a day that is shifted or shown otherwise.

    Such a rule is asked at those month ends only between which a day of the dossier lies
    (`int_dossier_month_ends`); a day reckoned from one would be missed.
    """
    if ("word", "period_end") not in tokens:
        return None
    for (_, before), (_, sign), (_, after) in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (before, sign, after) == ("cast", "(", "period_end"):
            return "cast(period_end"
        if sign in {"+", "-", "*", "/"}:
            is_count = before == "end" or before.replace(".", "").isdecimal()
            if not is_count or not (after == "case" or after.replace(".", "").isdecimal()):
                return f"{before} {sign} {after}"
    return None
