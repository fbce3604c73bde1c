"""Canonical bytes (minggou-canonical-1): one value, one spelling.

The format is written out for strangers in docs/reference/canonical-bytes.md; whoever changes a
byte of it changes every hash ever published, so a change is a new format name.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

FORMAT: Final = "minggou-canonical-1"

_DEEPEST = 64
_LARGEST_EXPONENT = 64


class CanonicalError(ValueError):
    """A value without a canonical spelling, or bytes the format cannot hold."""


def canonical_bytes(value: object) -> bytes:
    """The one spelling of a JSON-like value.

    Raises TypeError for a value that has no place in the format (floats, bytes, sets, lazy
    text, keys that are not text) and CanonicalError for one that has no spelling (lone surrogates,
    naive instants, infinite decimals, more than 64 levels). Both name the place.
    """
    text = json.dumps(
        _plain(value, "$", 0),
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode("utf-8")


def loads(data: bytes) -> Any:
    """Read canonical bytes; texts stay texts, also those that were instants or decimals.

    Raises CanonicalError for anything the format cannot hold: a repeated key, a fraction or an
    exponent, NaN, bytes that are not UTF-8, a lone surrogate. It does not ask for the canonical
    spelling; `is_canonical` does.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except RecursionError as error:
        raise CanonicalError(f"more than {_DEEPEST} levels deep") from error
    except CanonicalError:
        raise
    except ValueError as error:
        raise CanonicalError(f"not JSON in UTF-8: {error}") from error
    return _plain(value, "$", 0)


def is_canonical(data: bytes) -> bool:
    """Whether these bytes are exactly what `canonical_bytes` would write for their value."""
    try:
        return canonical_bytes(loads(data)) == data
    except CanonicalError:
        return False


def _plain(value: object, where: str, depth: int) -> object:
    if depth > _DEEPEST:
        raise CanonicalError(f"{where[:80]}…: more than {_DEEPEST} levels deep")
    if isinstance(value, dict):
        return {
            _key(key, where): _plain(each, f"{where}.{key}", depth + 1)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(each, f"{where}[{at}]", depth + 1) for at, each in enumerate(value)]
    return _scalar(value, where)


def _scalar(value: object, where: str) -> object:
    match value:
        case None | bool():
            return value
        case int():
            return int(value)
        case str():
            return _text(value, where)
        case Decimal():
            return _decimal(value, where)
        case datetime():
            return _instant(value, where)
        case date():
            return value.isoformat()
    raise TypeError(f"{where}: {type(value).__name__} has no canonical form")


def _key(key: object, where: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{where}: the key {key!r} is not text")
    return _text(key, where)


def _text(value: str, where: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"{where}: a lone surrogate has no UTF-8 form") from error
    return str.__str__(value)


def _decimal(value: Decimal, where: str) -> str:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or abs(exponent) > _LARGEST_EXPONENT:
        raise CanonicalError(f"{where}: {value} has no canonical form")
    number = "".join(str(digit) for digit in digits)
    if exponent < 0:
        number = number.rjust(1 - exponent, "0")
        number = f"{number[:exponent]}.{number[exponent:]}"
    elif exponent > 0:
        number = f"{number}E+{exponent}"
    return f"-{number}" if sign else number


def _instant(value: datetime, where: str) -> str:
    if value.utcoffset() is None:
        raise CanonicalError(f"{where}: an instant without a time zone")
    text = value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{text}Z"


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("a key stands twice in one object")
    return found


def _refuse_number(text: str) -> object:
    raise CanonicalError(f"{text} is not an integer")
