"""The generated reference: rule book, lifecycle, permissions and parameters, from the code alone.

`manage.py docs` writes the pages, `manage.py docs --check` compares them; neither opens a database.
"""

from config.docs.pages import GOLDEN, differing, generated

__all__ = ["GOLDEN", "differing", "generated"]
