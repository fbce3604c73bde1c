"""The stand-alone verifier: one file a stranger can read, run and keep.

Nothing of the product imports `verify.py`; it is handed out as bytes, in every dossier and on the
public site, and imports nothing of the product.
"""

from pathlib import Path

SCRIPT = Path(__file__).with_name("verify.py")


def script_bytes() -> bytes:
    """The verifier as it is handed out."""
    return SCRIPT.read_bytes()
