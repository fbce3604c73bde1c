"""JSON with one spelling: keys sorted, no spaces, amounts as exact decimal numbers, never a float.

The bytes of a release are frozen with their digest, so a change here changes every later release.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any


def encoded(value: Any) -> str:
    """The JSON text of dicts, lists, texts, booleans, integers and decimals.

    Raises TypeError for anything else, floats and None above all: a field without a value is left
    out, not null.
    """
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)
        case bool():
            return "true" if value else "false"
        case Decimal() if value.is_finite():
            return format(value, "f")
        case int():
            return str(value)
        case list() | tuple():
            return f"[{','.join(encoded(each) for each in value)}]"
        case dict():
            pairs = (f"{encoded(str(key))}:{encoded(value[key])}" for key in sorted(value))
            return f"{{{','.join(pairs)}}}"
    raise TypeError(f"{type(value).__name__} has no place in a release")


def decoded(text: str) -> Any:
    """What `encoded` wrote; numbers with decimals come back as Decimal, as exact as they stood."""
    return json.loads(text, parse_float=Decimal)


def around(fields: dict[str, Any], name: str, texts: Iterable[str]) -> Iterator[str]:
    """One object piece by piece: `fields`, and under `name` a list of objects already encoded.

    Read whole it is what `encoded` would have written; it is never held whole.
    """
    before, after = "{", "}"
    for key in sorted(fields):
        pair = f"{encoded(key)}:{encoded(fields[key])}"
        if key < name:
            before += f"{pair},"
        else:
            after = f",{pair}{after}" if after == "}" else f"{after[:-1]},{pair}}}"
    yield f"{before}{encoded(name)}:["
    comma = ""
    for text in texts:
        yield f"{comma}{text}"
        comma = ","
    yield f"]{after}"
