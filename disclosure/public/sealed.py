"""冻结在公开站点上的一页：除摘要以外的全部内容作成数据文件，摘要可由任何人重算。"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from core.history.canonical import canonical_bytes


class Sealed:
    """`sealed_as` 是数据文件的格式名，`sealed_columns` 是写入数据文件的各栏。"""

    sealed_as: ClassVar[str]
    sealed_columns: ClassVar[tuple[str, ...]]
    sha256: Any
    address: Any

    def sealed(self) -> bytes:
        """数据文件：除摘要以外全部内容的规范字节。"""
        content: dict[str, Any] = {name: getattr(self, name) for name in self.sealed_columns}
        return canonical_bytes({"format": self.sealed_as, **content})

    def digest(self) -> str:
        """按现有内容算出的摘要；与 `sha256` 不同的，冻结之后被人改过。"""
        return hashlib.sha256(self.sealed()).hexdigest()

    @property
    def is_intact(self) -> bool:
        return bool(self.digest() == self.sha256)

    @property
    def link(self) -> str:
        """指定媒体上的网页；不是网址的不作链接。"""
        return self.address if self.address.startswith(("https://", "http://")) else ""
