#!/usr/bin/env python3
"""核验明购案卷：只需 Python 3.9 以上，不联网，不装任何东西，不信案卷里的任何一句话。

    python3 verify.py 案卷.zip [--checkpoint note.txt] [--key 公钥]

逐项核对：事件正文的叶值、每条事件到检查点的包含证明（SHA-256 与 SM3 两棵树）、检查点签名、
与更早检查点的一致性、同一案卷前后相接没有缺漏、封存、附件与文书的摘要、冻结的版本、个人信息的摘要。

--checkpoint  您自己留存的检查点（从公开网站或者文件上抄下来的）。系统的管理人员可以重建整个日志并
              重新签名，只有留在系统之外的检查点能证明日志没有被改写。
--key         您自己留存的公钥。不给时用案卷自带的，那只能证明案卷前后一致。

退出码：0 全部相符；1 有不符；2 无法核验（不是案卷、缺少证明、参数有误）。
格式见 docs/reference/dossier.md 和 canonical-bytes.md。
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Callable
from typing import Any

FORMAT = "minggou-dossier-1"
HASHES = ("sha256", "sm3")
LARGEST_JSON = 64 * 1024 * 1024
DEEPEST = 64
MOST_SHOWN = 50

# dossier.json 的成员。
MEMBERS: dict[str, type] = {
    "format": str,
    "origin": str,
    "stream": str,
    "number": str,
    "name": str,
    "checkpoint": int,
    "events": list,
    "sealed": bool,
    "personal": bool,
    "versions": list,
}
FIXED = {
    "README.txt",
    "checkpoint.txt",
    "dossier.json",
    "index.html",
    "manifest.json",
    "public-key.txt",
    "verify.py",
}
NUMBERED = re.compile(r"(events|proofs|personal)/([0-9]{6,18})\.json")
OLDER = re.compile(r"consistency/([0-9]{6,18})\.(txt|json)")
VERSION = re.compile(r"versions/([a-z]+\.[a-z]+)-([0-9]{1,18})\.json")
STORED = re.compile(r"files/([0-9a-f]{64})(\.[a-z0-9]{1,8})?")
HEX = re.compile(r"[0-9a-f]{64}")
NOTE = re.compile(
    r"([^\n]{1,200})\n([1-9][0-9]{0,17})\nsha256 ([0-9a-f]{64})\nsm3 ([0-9a-f]{64})\n"
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z)\n([A-Za-z0-9+/=]{44}) ([A-Za-z0-9+/=]{88})\n"
)


class Wrong(Exception):
    """与所称不符（退出码 1）。"""


class Unable(Exception):
    """无法核验（退出码 2）。"""


# --- SM3（GB/T 32905—2016）-----------------------------------------------------------------------

_IV = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
    0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
_MASK = 0xFFFFFFFF


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _MASK


_ROUND = [_turn(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64)]


def _expand(block: bytes) -> list[int]:
    words = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _turn(words[j - 3], 15)
        mixed ^= _turn(mixed, 15) ^ _turn(mixed, 23)
        words.append(mixed ^ _turn(words[j - 13], 7) ^ words[j - 6])
    return words


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = _expand(block)
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = _turn(a, 12)
        ss1 = _turn((a12 + e + _ROUND[j]) & _MASK, 7)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & _MASK & g)
        tt1 = (ff + d + (ss1 ^ a12) + (words[j] ^ words[j + 4])) & _MASK
        tt2 = (gg + h + ss1 + words[j]) & _MASK
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return tuple(old ^ new for old, new in _pairs(state, (a, b, c, d, e, f, g, h)))


def _pairs(left: Any, right: Any) -> list[tuple[Any, Any]]:
    return [(left[i], right[i]) for i in range(len(left))]


def sm3(data: bytes) -> bytes:
    """SM3 杂凑值。"""
    padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    state: tuple[int, ...] = _IV
    for at in range(0, len(padded), 64):
        state = _compress(state, padded[at : at + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _fast_sm3() -> Callable[[bytes], bytes]:
    """本机 Python 自带 SM3 而且算得对，就用自带的（快）；否则用上面的。"""
    try:
        if hashlib.new("sm3", b"abc").digest() == sm3(b"abc"):
            return lambda data: hashlib.new("sm3", data).digest()
    except ValueError:
        pass
    return sm3


DIGEST: dict[str, Callable[[bytes], bytes]] = {
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sm3": _fast_sm3(),
}

# --- Ed25519（RFC 8032 第 5.1 节）----------------------------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_SQRT_M1 = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * p[3] * q[3] * _D % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _multiply(scalar: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _recover_x(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _SQRT_M1 % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    return _P - x if x & 1 != sign else x


def _decode(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _encode(point: Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE_X = _recover_x(_BASE_Y, 0) or 0
_BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)


def ed25519_is_valid(key: bytes, message: bytes, signature: bytes) -> bool:
    """签名是否成立：[S]B = R + [k]A。S 不小于 L、点不在曲线上的一律不成立。"""
    if len(key) != 32 or len(signature) != 64:
        return False
    point, scalar = _decode(key), int.from_bytes(signature[32:], "little")
    if point is None or scalar >= _L or _decode(signature[:32]) is None:
        return False
    if _encode(_multiply(8, point)) == _encode((0, 1, 1, 0)):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _L
    minus = (_P - point[0], point[1], 1, (_P - point[0]) * point[1] % _P)
    return _encode(_add(_multiply(scalar, _BASE), _multiply(k, minus))) == signature[:32]


# --- 默克尔树（RFC 9162 第 2.1 节）---------------------------------------------------------------


def leaf_hash(data: bytes, name: str) -> bytes:
    return DIGEST[name](b"\x00" + data)


def node_hash(left: bytes, right: bytes, name: str) -> bytes:
    return DIGEST[name](b"\x01" + left + right)


def root_of(leaves: list[bytes], name: str) -> bytes:
    """若干叶值的树根；没有叶的是空串的摘要。"""
    level = list(leaves) or [DIGEST[name](b"")]
    while len(level) > 1:
        odd = [level.pop()] if len(level) % 2 else []
        level = [node_hash(level[i], level[i + 1], name) for i in range(0, len(level), 2)] + odd
    return level[0]


def _climb(here: int, last: int) -> tuple[int, int]:
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def is_included(
    leaf: bytes, index: int, size: int, path: list[bytes], root: bytes, name: str
) -> bool:
    """RFC 9162 第 2.1.3.2 节。"""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(step, found, name)
            here, last = _climb(here, last)
        else:
            found = node_hash(found, step, name)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: list[bytes], name: str
) -> bool:
    """RFC 9162 第 2.1.4.2 节；大小相同的，证明为空且根相等。"""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    steps = [old_root, *path] if path and not old_size & (old_size - 1) else list(path)
    if not steps:
        return False
    here, last = old_size - 1, new_size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(step, old, name), node_hash(step, new, name)
            here, last = _climb(here, last)
        else:
            new = node_hash(new, step, name)
        here, last = here >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


# --- 规范字节（minggou-canonical-1）--------------------------------------------------------------


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Wrong("同一对象中有重复的键")
    return found


def _integer(text: str) -> int:
    if len(text) > 40:
        raise Wrong("整数过长")
    return int(text)


def _no_number(text: str) -> Any:
    raise Wrong(f"{text[:20]} 不是整数")


def canonical(value: Any) -> bytes:
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode("utf-8")


def _depth(value: Any, left: int = DEEPEST) -> None:
    if left < 0:
        raise Wrong(f"嵌套超过 {DEEPEST} 层")
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, (dict, list)):
            _depth(each, left - 1)


def read_object(data: bytes) -> dict[str, Any]:
    """规范字节写成的一个对象；写法不规范的不收。"""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_no_number,
            parse_constant=_no_number,
            parse_int=_integer,
        )
        if not isinstance(value, dict):
            raise Wrong("不是一个对象")
        _depth(value)
        if canonical(value) != data:
            raise Wrong("写法不是规范字节")
    except (ValueError, RecursionError) as error:
        raise Wrong(f"不是 UTF-8 的 JSON：{str(error)[:80]}") from None
    return value


def take(holder: Any, key: str, kind: type) -> Any:
    """对象的一个成员；缺少或者类型不对即为不符。"""
    value = holder.get(key) if isinstance(holder, dict) else None
    if type(value) is not kind:
        raise Wrong(f"“{key}”缺失或者类型不对")
    return value


def take_path(holder: Any, name: str) -> list[bytes]:
    steps = take(holder, name, list)
    if len(steps) > 128 or not all(isinstance(s, str) and HEX.fullmatch(s) for s in steps):
        raise Wrong(f"{name} 证明的写法不对")
    return [bytes.fromhex(step) for step in steps]


# --- 案卷文件 ------------------------------------------------------------------------------------


class Archive:
    """一个只存不压、名称都认得的 ZIP；读时逐项核对清单。"""

    def __init__(self, path: str) -> None:
        try:
            with open(path, "rb") as handle:  # noqa: PTH123  一份文件，不求依赖
                handle.seek(0, 2)
                self.length = handle.tell()
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise Unable(f"打不开案卷文件：{str(error)[:80]}") from None
        self.entries = self._known()

    def _known(self) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for info in self.zip.infolist():
            name = info.filename
            if name in found:
                raise Wrong(f"文件名重复：{shown(name)}")
            if not is_known(name):
                raise Wrong(f"不该有的文件：{shown(name)}")
            if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 0x1:
                raise Wrong(f"{name} 经过压缩或者加密；案卷应为原样导出的文件")
            total += info.file_size
            if info.file_size != info.compress_size or total > self.length:
                raise Wrong(f"{name} 所称的大小不实")
            found[name] = info
        if "dossier.json" not in found:
            raise Unable("这不是案卷：没有 dossier.json")
        missing = sorted(FIXED - found.keys())
        if missing:
            raise Wrong(f"缺少文件：{'、'.join(missing)}")
        return found

    def read(self, name: str) -> bytes:
        if name not in self.entries:
            raise Wrong(f"缺少文件 {name}")
        if self.entries[name].file_size > LARGEST_JSON:
            raise Wrong(f"{name} 过大")
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Any:
        try:
            with self.zip.open(self.entries[name]) as member:
                while True:
                    part = member.read(1 << 20)
                    if not part:
                        return
                    yield part
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise Wrong(f"{name} 读不出来：{str(error)[:80]}") from None

    def digest(self, name: str) -> str:
        found = hashlib.sha256()
        for part in self.chunks(name):
            found.update(part)
        return found.hexdigest()

    def named(self, pattern: Any) -> list[Any]:
        matches = (pattern.fullmatch(name) for name in sorted(self.entries))
        return [match for match in matches if match]


def is_known(name: str) -> bool:
    patterns = (NUMBERED, OLDER, VERSION, STORED)
    return name in FIXED or any(pattern.fullmatch(name) for pattern in patterns)


def shown(text: str) -> str:
    """印在屏幕上的外来文字：去掉控制字符，截短。"""
    return "".join(c if c.isprintable() else "?" for c in text[:120])


# --- 检查点 --------------------------------------------------------------------------------------


class Note:
    """一份检查点：来源、叶数、两个根、时间、公钥、签名。"""

    def __init__(self, data: bytes, what: str) -> None:
        try:
            match = NOTE.fullmatch(data.decode("utf-8"))
        except UnicodeDecodeError:
            match = None
        if match is None:
            raise Wrong(f"{what}的写法不对")
        self.origin, self.key = match[1], match[6]
        self.size, self.moment = int(match[2]), match[5]
        self.roots = {"sha256": bytes.fromhex(match[3]), "sm3": bytes.fromhex(match[4])}
        raw = [_base64(match[6]), _base64(match[7])]
        text = data.decode("utf-8").rpartition("\n")[0].rpartition("\n")[0]
        if None in raw or not ed25519_is_valid(raw[0] or b"", text.encode(), raw[1] or b""):
            raise Wrong(f"{what}的签名不成立")


def _base64(text: str) -> bytes | None:
    """只收唯一的一种写法。"""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode() == text else None


# --- 核验 ----------------------------------------------------------------------------------------


class Dossier:
    """逐项核验一份案卷，把查过的和不符的都记下来。"""

    def __init__(self, archive: Archive, key: str) -> None:
        self.archive, self.pinned = archive, key
        self.lines: list[str] = []
        self.wrong: list[str] = []
        self.about: dict[str, Any] = {}
        self.events: dict[int, dict[str, Any]] = {}
        self.leaves: dict[int, dict[str, bytes]] = {}
        self.rows: dict[tuple[str, int], dict[str, Any]] = {}

    def check(self, title: str, step: Callable[[], str]) -> bool:
        """做一项核对；任何出乎意料的内容都算不符，不会中断。"""
        before = len(self.wrong)
        try:
            result = step()
        except Wrong as wrong:
            self.fails(str(wrong))
            result = ""
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RuntimeError) as e:
            self.fails(f"内容无法解读（{type(e).__name__}）")
            result = ""
        is_right = len(self.wrong) == before
        self.lines.append(
            f"[{'相符' if is_right else '不符'}] {title}{'：' * bool(result)}{result}"
        )
        self.lines += [f"       {shown(w)}" for w in self.wrong[before : before + MOST_SHOWN]]
        return is_right

    def fails(self, sentence: str) -> None:
        self.wrong.append(sentence)

    def object(self, name: str) -> dict[str, Any]:
        try:
            return read_object(self.archive.read(name))
        except Wrong as wrong:
            raise Wrong(f"{name}：{wrong}") from None

    # 一、清单

    def manifest(self) -> str:
        listed = take(self.object("manifest.json"), "files", dict)
        present = self.archive.entries.keys() - {"manifest.json"}
        for name in sorted(present - listed.keys()):
            self.fails(f"清单没有列出 {name}")
        for name in sorted(listed.keys() - present):
            self.fails(f"清单所列的 {shown(name)} 不在案卷中")
        for name in sorted(present & listed.keys()):
            same = self.archive.digest(name) == take(listed[name], "sha256", str)
            if not same or self.archive.entries[name].file_size != take(listed[name], "size", int):
                self.fails(f"{name} 与清单不符")
        return f"{len(present)} 个文件"

    def opening(self) -> str:
        self.about = self.object("dossier.json")
        if take(self.about, "format", str) != FORMAT:
            raise Wrong("案卷格式的版本不认得")
        if self.about.keys() != MEMBERS.keys():
            raise Wrong("dossier.json 的成员不对")
        for name, kind in MEMBERS.items():
            take(self.about, name, kind)
        return f"{shown(self.about['number'])} {shown(self.about['name'])}"

    # 二、检查点

    def checkpoint(self) -> str:
        self.note = Note(self.archive.read("checkpoint.txt"), "检查点")
        key = self.archive.read("public-key.txt").decode("utf-8", "replace")
        if key != f"{self.note.key}\n":
            raise Wrong("public-key.txt 与检查点上的公钥不同")
        if self.pinned and self.pinned != self.note.key:
            raise Wrong("案卷检查点的公钥与您给出的公钥不同")
        if (self.note.origin, self.note.size) != (self.about["origin"], self.about["checkpoint"]):
            raise Wrong("检查点的来源或者叶数与 dossier.json 不同")
        return f"来源 {shown(self.note.origin)}，{self.note.size} 条，签于 {self.note.moment}"

    # 三、事件

    def bodies(self) -> str:
        for match in self.archive.named(NUMBERED):
            if match[1] == "events":
                self._body(match[0], int(match[2]))
        if not self.events:
            raise Wrong("案卷中没有事件")
        if sorted(self.events) != take(self.about, "events", list):
            self.fails("事件与 dossier.json 所列的不一致")
        return f"{len(self.events)} 条"

    def _body(self, name: str, seq: int) -> None:
        try:
            data = self.archive.read(name)
            body = read_object(data)
            told = (take(body, "seq", int), take(body, "stream", str), take(body, "origin", str))
            for key, kind in (("changes", list), ("kind", str), ("act", str), ("title", str)):
                take(body, key, kind)
            take(body, "previous", str)
        except Wrong as wrong:
            self.fails(f"{name}：{wrong}")
            return
        if name != f"events/{seq:06d}.json" or seq in self.events:
            self.fails(f"{name} 的文件名不对")
        if told != (seq, self.about["stream"], self.about["origin"]):
            self.fails(f"{name} 的序号、案卷或者来源不对")
        self.events[seq] = body
        self.leaves[seq] = {hashed: leaf_hash(data, hashed) for hashed in HASHES}

    def inclusion(self) -> str:
        proofs = {int(m[2]) for m in self.archive.named(NUMBERED) if m[1] == "proofs"}
        for seq in sorted(proofs - self.events.keys()):
            self.fails(f"证明 {seq} 没有对应的事件")
        for seq in sorted(self.events):
            self._included(seq)
        return f"{len(self.events)} 条，SHA-256 与 SM3 两棵树"

    def _included(self, seq: int) -> None:
        try:
            proof = self.object(f"proofs/{seq:06d}.json")
            if proof.keys() != {"seq", "size", *HASHES}:
                raise Wrong("证明的成员不对")
            if (take(proof, "seq", int), take(proof, "size", int)) != (seq, self.note.size):
                raise Wrong("证明说的是别的事件或者别的检查点")
            for name in HASHES:
                leaf, root = self.leaves[seq][name], self.note.roots[name]
                path = take_path(proof, name)
                if not is_included(leaf, seq - 1, self.note.size, path, root, name):
                    raise Wrong(f"不在检查点的 {name} 树中：事件被改过，或者证明是伪造的")
        except Wrong as wrong:
            self.fails(f"第 {seq} 号事件：{wrong}")

    def chain(self) -> str:
        expected = ""
        for seq in sorted(self.events):
            if self.events[seq]["previous"] != expected:
                self.fails(f"第 {seq} 号事件之前有缺漏：它所接的前一事件不在案卷中")
            expected = self.leaves[seq]["sha256"].hex()
        return f"自第 {min(self.events)} 号至第 {max(self.events)} 号，首尾之间没有缺漏"

    def seal(self) -> str:
        order = sorted(self.events)
        seals = [seq for seq in order if self.events[seq]["kind"] == "seal"]
        if bool(seals) != self.about["sealed"]:
            raise Wrong("是否封存，dossier.json 所写与事件不符")
        if not seals:
            return "案卷尚未封存；最后一条之后是否另有事件，本案卷不能证明"
        at = order.index(seals[0])
        told = take(self.events[seals[0]], "seal", dict)
        before = order[:at]
        real: dict[str, Any] = {"events": at, "first": order[0]}
        real["last"] = before[-1] if before else 0
        for name in HASHES:
            real[name] = root_of([self.leaves[seq][name] for seq in before], name).hex()
        if told != real:
            raise Wrong("封存所载的条数、起止或者摘要与案卷不符")
        later = [self.events[seq] for seq in order[at + 1 :]]
        changed = [e["title"] for e in later if e["kind"] != "refusal"]
        refused = len(later) - len(changed)
        words = f"第 {seals[0]} 号事件封存了此前 {at} 条；其后未获准的办理 {refused} 条"
        return words + (f"，另有：{'、'.join(map(shown, changed))}" if changed else "")

    # 四、内容

    def replay(self) -> str:
        for seq in sorted(self.events):
            for entry in self.events[seq]["changes"]:
                key = (take(entry, "model", str), take(entry, "pk", int))
                if take(entry, "op", str) == "delete":
                    self.rows.pop(key, None)
                else:
                    self.rows[key] = {**self.rows.get(key, {}), **take(entry, "after", dict)}
        label, _, pk = self.about["stream"].rpartition(":")
        row = self.rows.get((label, int(pk)), {})
        for name in ("number", "name"):
            if row.get(name) != self.about[name]:
                raise Wrong("dossier.json 所写的编号或者名称与事件不符")
        return f"{len(self.rows)} 行数据"

    def versions(self) -> str:
        labels = take(self.about, "versions", list)
        expected = {key for key in self.rows if key[0] in labels}
        found = set()
        for match in self.archive.named(VERSION):
            key = (match[1], int(match[2]))
            found.add(key)
            if key not in expected or self.object(match[0]) != self.rows[key]:
                self.fails(f"{match[0]} 与事件所载的不同")
        for label, pk in sorted(expected - found):
            self.fails(f"缺少版本 {shown(label)}-{pk}")
        return f"{len(found)} 份"

    def files(self) -> str:
        expected: dict[str, str] = {}
        for (label, _), row in sorted(self.rows.items()):
            if label in ("core.attachment", "core.document") and row.get("sha256"):
                named = row.get("name") if label == "core.attachment" else row.get("title")
                expected[take(row, "sha256", str)] = shown(str(named))
        found = {m[1]: m[0] for m in self.archive.named(STORED)}
        for digest, name in expected.items():
            if digest not in found:
                self.fails(f"缺少“{name}”")
        for digest, path in found.items():
            if digest not in expected:
                self.fails(f"{path} 没有任何事件提到")
            if self.archive.digest(path) != digest:
                self.fails(f"“{expected.get(digest, path)}”的内容已变")
        return f"{len(found)} 份"

    def personal(self) -> str:
        shown_values = [m for m in self.archive.named(NUMBERED) if m[1] == "personal"]
        if bool(shown_values) > self.about["personal"]:
            raise Wrong("案卷称不附个人信息，却附了")
        count = 0
        for match in shown_values:
            held = self.object(match[0])
            if held.keys() != {"seq", "values"} or take(held, "seq", int) != int(match[2]):
                raise Wrong(f"{match[0]} 说的是别的事件")
            for value in take(held, "values", list):
                count += 1
                self._personal(int(match[2]), value)
        if not self.about["personal"]:
            return "不附原值，只有摘要"
        return f"{count} 项原值与摘要"

    def _personal(self, seq: int, value: Any) -> None:
        path, salt = take(value, "path", str), take(value, "salt", str)
        index, side, name = path.split(".", 2)
        digest = self.events[seq]["changes"][int(index)][side][name]["digest"]
        data = bytes.fromhex(salt) + canonical(take(value, "value", str))
        if hashlib.sha256(data).hexdigest() != digest:
            self.fails(f"第 {seq} 号事件的个人信息 {shown(path)} 与摘要不符")

    # 五、更早的检查点

    def consistency(self) -> str:
        sizes = {m[1] for m in self.archive.named(OLDER)}
        for text in sorted(sizes):
            try:
                note = Note(self.archive.read(f"consistency/{text}.txt"), "")
                if text != f"{note.size:06d}":
                    raise Wrong("文件名与叶数不同")
                self._grew_from(note)
            except Wrong as wrong:
                self.fails(f"检查点 {int(text)}：{wrong}")
        return f"{len(sizes)} 个更早的检查点"

    def _grew_from(self, note: Note) -> None:
        if (note.origin, note.key) != (self.note.origin, self.note.key):
            raise Wrong("来源或者公钥与案卷的检查点不同")
        proof = self.object(f"consistency/{note.size:06d}.json")
        if proof.keys() != {"from", "to", *HASHES}:
            raise Wrong("证明的成员不对")
        if (take(proof, "from", int), take(proof, "to", int)) != (note.size, self.note.size):
            raise Wrong("证明说的是别的检查点")
        for name in HASHES:
            old, new, path = note.roots[name], self.note.roots[name], take_path(proof, name)
            if not is_consistent(note.size, self.note.size, old, new, path, name):
                raise Wrong("案卷的检查点不是由它续写而来：日志曾被改写")

    def held(self, data: bytes) -> str:
        """与您留存的检查点相比。"""
        note = Note(data, "您留存的检查点")
        if self.pinned and note.key != self.pinned:
            raise Wrong("您留存的检查点与您给出的公钥不是一对")
        if note.size == self.note.size:
            if (note.origin, note.key, note.roots) != (
                self.note.origin,
                self.note.key,
                self.note.roots,
            ):
                raise Wrong("叶数相同而内容不同：日志被改写过")
        elif note.size > self.note.size:
            raise Unable("您留存的检查点比案卷新，案卷里没有证明；请重新导出，或者换一个更早的")
        elif f"consistency/{note.size:06d}.json" not in self.archive.entries:
            raise Unable(
                f"案卷没有附通向您留存的检查点（{note.size} 条）的证明；导出时请填写“对照检查点”"
            )
        else:
            self._grew_from(note)
        covered = [seq for seq in sorted(self.events) if seq <= note.size]
        if not covered:
            return f"{note.size} 条；案卷的事件都在它之后"
        last = covered[-1]
        return f"{note.size} 条；案卷第 {last} 号及以前的 {len(covered)} 条在它签署时即已如此"


def verify(path: str, held: bytes | None = None, key: str = "") -> tuple[int, list[str]]:
    """核验一份案卷：退出码，以及要印出来的各行。"""
    try:
        dossier = Dossier(Archive(path), key)
    except Wrong as wrong:
        return 1, [f"[不符] 案卷文件：{shown(str(wrong))}"]
    except Unable as unable:
        return 2, [f"[无法核验] {shown(str(unable))}"]
    code = _steps(dossier, held)
    lines = dossier.lines
    if not key:
        lines.append("注意：公钥取自案卷本身。请与公开网站上或者您留存的公钥核对，用 --key 给出。")
    if held is None:
        lines.append("注意：没有给出您自己留存的检查点（--checkpoint），不能排除整个日志被重建。")
    lines.append("index.html 只便于阅读，一切以 events/ 中的事件为准。")
    verdict = {0: "核验通过：以上各项全部相符。", 2: "核验没有做完：缺少所需的证明。"}
    lines.append(verdict.get(code, f"核验未通过：{len(dossier.wrong)} 处不符。"))
    return code, lines


def _steps(dossier: Dossier, held: bytes | None) -> int:
    dossier.check("文件清单", dossier.manifest)
    is_open = dossier.check("案卷", dossier.opening)
    if not is_open or not dossier.check("检查点签名", dossier.checkpoint):
        return 1
    dossier.check("事件正文", dossier.bodies)
    if dossier.events:
        dossier.check("包含证明", dossier.inclusion)
        dossier.check("前后相接", dossier.chain)
        dossier.check("封存", dossier.seal)
        dossier.check("重放", dossier.replay)
        dossier.check("冻结版本", dossier.versions)
        dossier.check("附件与文书", dossier.files)
        dossier.check("个人信息", dossier.personal)
    dossier.check("更早的检查点", dossier.consistency)
    try:
        if held is not None:
            dossier.check("您留存的检查点", lambda: dossier.held(held))
    except Unable as unable:
        dossier.lines.append(f"[无法核验] 您留存的检查点：{unable}")
        return 1 if dossier.wrong else 2
    return 1 if dossier.wrong else 0


def main(arguments: list[str]) -> int:
    """命令行。"""
    options = {"--checkpoint": "", "--key": ""}
    paths: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word in options and rest:
            options[word] = rest.pop(0)
        elif word.startswith("-"):
            paths = []
            break
        else:
            paths.append(word)
    if len(paths) != 1:
        return _say(2, [__doc__ or ""])
    held: bytes | None = None
    if options["--checkpoint"]:
        try:
            with open(options["--checkpoint"], "rb") as handle:  # noqa: PTH123
                held = handle.read(10_000).replace(b"\r\n", b"\n")
        except OSError as error:
            return _say(2, [f"[无法核验] 读不到检查点文件：{error}"])
        held = held.strip() + b"\n"
    try:
        return _say(*verify(paths[0], held, options["--key"].strip()))
    except Exception as error:  # noqa: BLE001  来者可能有敌意：什么也不该使它崩溃
        return _say(2, [f"[无法核验] 案卷无法解读（{type(error).__name__}）"])


def _say(code: int, lines: list[str]) -> int:
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
