"""Merkle trees after RFC 9162, section 2.1, for any hash of `ALGORITHMS`.

A tree is over *leaf hashes*; only `leaf_hash` sees the bytes of an entry. A proof is the list of
hashes RFC 9162 calls a path. The two verifiers answer False, never an error, to any numbers and
bytes: what they judge comes from outside.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from cryptography.hazmat.primitives import hashes

ALGORITHMS: Final = ("sha256", "sm3")
DIGEST_SIZE: Final = 32

_LEAF = b"\x00"
_NODE = b"\x01"


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _sm3_of_library(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def _sm3_of_python(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _choose_sm3() -> Callable[[bytes], bytes]:
    try:
        hashlib.new("sm3")
    except ValueError:
        return _sm3_of_library
    return _sm3_of_python


_HASHES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "sha256": _sha256,
    "sm3": _choose_sm3(),
}


def _hash(algorithm: str, data: bytes) -> bytes:
    if algorithm not in _HASHES:
        raise ValueError(f"unknown hash algorithm {algorithm!r}")
    return _HASHES[algorithm](data)


def leaf_hash(data: bytes, algorithm: str = "sha256") -> bytes:
    """HASH(0x00 ‖ data)."""
    return _hash(algorithm, _LEAF + data)


def node_hash(left: bytes, right: bytes, algorithm: str = "sha256") -> bytes:
    """HASH(0x01 ‖ left ‖ right)."""
    return _hash(algorithm, _NODE + left + right)


def empty_root(algorithm: str = "sha256") -> bytes:
    """The root of a tree without leaves: HASH of nothing."""
    return _hash(algorithm, b"")


# --- Roots --------------------------------------------------------------------


class CompactRange:
    """The right edge of a tree: enough to append to it and to know its root, O(log n) hashes."""

    def __init__(self, algorithm: str = "sha256") -> None:
        if algorithm not in ALGORITHMS:
            raise ValueError(f"unknown hash algorithm {algorithm!r}")
        self.algorithm = algorithm
        self.size = 0
        # Roots of the perfect subtrees, largest first: one per 1 bit of `size`.
        self._edge: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf *hash*."""
        if len(leaf) != DIGEST_SIZE:
            raise ValueError(f"a leaf hash has {DIGEST_SIZE} bytes, not {len(leaf)}")
        rest = self.size
        while rest & 1:
            leaf = node_hash(self._edge.pop(), leaf, self.algorithm)
            rest >>= 1
        self._edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves appended so far."""
        if not self._edge:
            return empty_root(self.algorithm)
        root = self._edge[-1]
        for subtree in reversed(self._edge[:-1]):
            root = node_hash(subtree, root, self.algorithm)
        return root

    def dump(self) -> str:
        """One line of text: algorithm, size, then the edge in hexadecimal."""
        return " ".join([self.algorithm, str(self.size), *(each.hex() for each in self._edge)])

    @classmethod
    def load(cls, text: str) -> "CompactRange":
        """Read what `dump` wrote; raises ValueError on anything else."""
        name, size, *edge = text.split(" ")
        found = cls(name)
        found.size = int(size)
        found._edge = [bytes.fromhex(each) for each in edge]
        well_formed = len(edge) == found.size.bit_count() and _are_digests(found._edge)
        if found.size < 0 or not well_formed or found.dump() != text:
            raise ValueError("not the state of a compact range")
        return found


def root_of(leaf_hashes: Iterable[bytes], algorithm: str = "sha256") -> bytes:
    """The root over these leaf hashes, in one pass and constant memory."""
    edge = CompactRange(algorithm)
    for leaf in leaf_hashes:
        edge.append(leaf)
    return edge.root()


# --- Proving ------------------------------------------------------------------


def inclusion_path(
    index: int, leaf_hashes: Sequence[bytes], algorithm: str = "sha256"
) -> list[bytes]:
    """PATH(index, leaves): the hashes that lead from one leaf to the root."""
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"leaf {index} of a tree of {len(leaf_hashes)}")
    path: list[bytes] = []
    start, end = 0, len(leaf_hashes)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(leaf_hashes[middle:end], algorithm))
            end = middle
        else:
            path.append(root_of(leaf_hashes[start:middle], algorithm))
            start = middle
    return path[::-1]


def consistency_path(
    old_size: int, leaf_hashes: Sequence[bytes], algorithm: str = "sha256"
) -> list[bytes]:
    """PROOF(old_size, leaves): that the first `old_size` leaves are the older tree.

    Empty when nothing is to be shown: an empty older tree, or the same size.
    """
    if not 0 <= old_size <= len(leaf_hashes):
        raise IndexError(f"an older size of {old_size} in a tree of {len(leaf_hashes)}")
    path: list[bytes] = []
    start, end = 0, len(leaf_hashes)
    while 0 < old_size < end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(root_of(leaf_hashes[middle:end], algorithm))
            end = middle
        else:
            path.append(root_of(leaf_hashes[start:middle], algorithm))
            start = middle
    # The verifier holds the older root itself; any smaller subtree it must be given.
    if path and start:
        path.append(root_of(leaf_hashes[start:end], algorithm))
    return path[::-1]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


# --- Verifying ----------------------------------------------------------------


def verify_inclusion(
    leaf: bytes,
    index: int,
    size: int,
    path: Sequence[bytes],
    root: bytes,
    algorithm: str = "sha256",
) -> bool:
    """RFC 9162, 2.1.3.2: is the leaf hash `leaf` at `index` of the tree (`size`, `root`)?"""
    if not 0 <= index < size or not _can_judge(algorithm, [leaf, root, *path]):
        return False
    here, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(step, found, algorithm)
            here, last = _climb(here, last)
        else:
            found = node_hash(found, step, algorithm)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    old_size: int,
    new_size: int,
    old_root: bytes,
    new_root: bytes,
    path: Sequence[bytes],
    algorithm: str = "sha256",
) -> bool:
    """RFC 9162, 2.1.4.2: does the newer tree begin with the whole older one?

    The RFC leaves two cases out: equal sizes hold when the roots are equal, an older tree of
    size 0 holds when its root is the empty one; both with an empty path only.
    """
    if not 0 <= old_size <= new_size:
        return False
    if not _can_judge(algorithm, [old_root, new_root, *path]):
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    if old_size == 0:
        return not path and old_root == empty_root(algorithm)
    return _grew(old_size, new_size, old_root, new_root, path, algorithm)


def _grew(
    old_size: int,
    new_size: int,
    old_root: bytes,
    new_root: bytes,
    path: Sequence[bytes],
    algorithm: str,
) -> bool:
    steps = [old_root, *path] if path and old_size.bit_count() == 1 else list(path)
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
            old, new = node_hash(step, old, algorithm), node_hash(step, new, algorithm)
            here, last = _climb(here, last)
        else:
            new = node_hash(new, step, algorithm)
        here, last = here >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _climb(here: int, last: int) -> tuple[int, int]:
    """Past the levels where this node has no right sibling to be hashed with."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _can_judge(algorithm: str, values: Iterable[object]) -> bool:
    return algorithm in ALGORITHMS and _are_digests(values)


def _are_digests(values: Iterable[object]) -> bool:
    return all(isinstance(value, bytes) and len(value) == DIGEST_SIZE for value in values)
