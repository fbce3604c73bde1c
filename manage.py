#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys
from pathlib import Path

# Byte code goes into the virtual environment: a run writes nothing into the source tree.
if sys.pycache_prefix is None and sys.prefix != sys.base_prefix:
    sys.pycache_prefix = str(Path(sys.prefix) / "pycache")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
