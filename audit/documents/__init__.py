"""案卷的内容与装订。"""

from audit.documents.archive import write_dossier

__all__ = ["write_dossier"]
