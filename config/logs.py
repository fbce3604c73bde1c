"""Log lines as JSON, one object a line, for whatever collects the standard output; no line holds
the address of a link that needs no sign-in."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger

SECRET_ADDRESS = re.compile(r"(/performance/third-party/)[^/\s?\"']+")


def masked(text: str) -> str:
    """The text without the tokens of links."""
    return SECRET_ADDRESS.sub(r"\1***", text)


class MaskAddresses(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (clean := masked(message)) != message:
            record.msg, record.args = clean, ()
        return True


class AccessLogger(Logger):  # type: ignore[misc]
    """The web server's access log."""

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(*args, **kwargs)
        return {name: masked(v) if isinstance(v, str) else v for name, v in found.items()}


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
