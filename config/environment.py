"""Reads the environment for settings.py, and fails loudly.

Every helper notes what it was asked for in `DECLARED`; a test compares that table with
`.env.example` and `docs/reference/settings.md`, and `refuse_unknown` finds misspelt names.
"""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True)
class Declared:
    """One variable the settings read: its kind and what holds when it is not set."""

    kind: str
    default: str


DECLARED: dict[str, Declared] = {}
_values: dict[str, str] = dict(os.environ)


def _get(name: str, kind: str, default: object) -> str | None:
    DECLARED[name] = Declared(kind, "" if default is None else str(default))
    return _values.get(name) or None


def is_any_set(*names: str) -> bool:
    """Is one of these, or its `_FILE` form, in the environment?"""
    return any(_values.get(name) or _values.get(f"{name}_FILE") for name in names)


def fill_from(path: Path) -> None:
    """Take KEY=VALUE lines from a file for every name the environment does not set itself."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, found, value = line.partition("=")
        if not found:
            raise ImproperlyConfigured(f"{path}, line {number}: KEY=VALUE expected")
        _values.setdefault(name.strip(), value.strip())


def env_bool(name: str, *, default: bool) -> bool:
    value = _get(name, "bool", int(default))
    if value is None:
        return default
    if value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def env_int(name: str, *, default: int, at_least: int = 0) -> int:
    value = _get(name, "int", default)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from None
    if number < at_least:
        raise ImproperlyConfigured(f"{name} must be at least {at_least}, not {number}")
    return number


def env_text(
    name: str, *, default: str = "", choices: tuple[str, ...] = (), shape: str = ""
) -> str:
    value = _get(name, "text", default) or default
    if value and shape and not re.fullmatch(shape, value):
        raise ImproperlyConfigured(f"{name} must have the form {shape}, not {value!r}")
    if choices and value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def env_list(name: str) -> list[str]:
    """Comma-separated; empty when not set."""
    value = _get(name, "list", "") or ""
    return [item.strip() for item in value.split(",") if item.strip()]


def env_path(name: str, *, default: Path) -> Path:
    return Path(_get(name, "path", f"…/{default.name}") or default).expanduser().resolve()


def env_secret(name: str, *, required: bool = False, at_least: int = 0) -> str:
    """The value of NAME, or what stands in the file NAME_FILE names; never both."""
    value = _get(name, "secret", None)
    file = _values.get(f"{name}_FILE")
    if value and file:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one")
    if file:
        value = _read_secret(name, Path(file))
    if required and not value:
        raise ImproperlyConfigured(
            f"{name} is not set. 尚未设置 {name}：试用请先运行 ./run；正式部署请参阅"
            " docs/reference/settings.md。"
        )
    if value and len(value) < at_least:
        raise ImproperlyConfigured(f"{name} is too short: at least {at_least} characters")
    return value or ""


def _read_secret(name: str, path: Path) -> str:
    try:
        mode = path.stat().st_mode
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    if mode & stat.S_IROTH:
        raise ImproperlyConfigured(f"{name}_FILE ({path}) is readable by everyone; chmod o-r it")
    return value


def postgres_from_url(name: str, url: str) -> dict[str, object]:
    """postgresql://user:password@host:port/database?sslmode=verify-full as a Django entry."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must read postgresql://user:password@host:port/database"
        )
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def refuse_unknown(prefix: str) -> None:
    """A misspelt name must not pass silently for a default."""
    known = DECLARED.keys() | {f"{name}_FILE" for name in DECLARED}
    unknown = sorted(name for name in _values if name.startswith(prefix) and name not in known)
    if unknown:
        raise ImproperlyConfigured(f"unknown settings: {', '.join(unknown)} (misspelt?)")
