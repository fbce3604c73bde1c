import hashlib
import random

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from core.history.merkle import (
    ALGORITHMS,
    CompactRange,
    consistency_path,
    empty_root,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The vectors every Certificate Transparency implementation is tested with.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LARGEST = 66
LEAVES = {name: [leaf_hash(bytes([at]), name) for at in range(LARGEST)] for name in ALGORITHMS}
TREES = {
    name: [root_of(leaves[:size], name) for size in range(LARGEST + 1)]
    for name, leaves in LEAVES.items()
}


def hexes(path):
    return [step.hex() for step in path]


def naive_root(leaves):
    """MTH of the RFC, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = naive_root(leaves[:half]), naive_root(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


class TestHashes:
    def test_separate_leaves_from_nodes(self):
        assert leaf_hash(b"a") == hashlib.sha256(b"\x00a").digest()
        assert node_hash(b"a", b"b") == hashlib.sha256(b"\x01ab").digest()

    def test_know_the_empty_tree(self):
        assert empty_root() == hashlib.sha256().digest()
        assert root_of([]) == empty_root()
        assert root_of([], "sm3") == empty_root("sm3") != empty_root()

    def test_sm3_is_the_national_standard(self):
        library = hashes.Hash(hashes.SM3())
        library.update(b"\x00abc")

        assert leaf_hash(b"abc", "sm3") == library.finalize()
        assert hashlib.new("sm3", b"abc").hexdigest() == (
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        )

    def test_both_makers_of_sm3_agree(self):
        from core.history import merkle

        assert merkle._sm3_of_library(b"abc") == merkle._sm3_of_python(b"abc")

    def test_sm3_is_found_where_python_lacks_it(self, monkeypatch):
        from core.history import merkle

        def lacking(name, *_):
            raise ValueError(name)

        monkeypatch.setattr(merkle.hashlib, "new", lacking)
        assert merkle._choose_sm3() is merkle._sm3_of_library

    def test_refuse_an_algorithm_nobody_agreed_on(self):
        for use in (leaf_hash, CompactRange.load, inclusion_path):
            arguments = {leaf_hash: (b"", "md5"), inclusion_path: (0, [b"\0" * 32] * 2, "md5")}
            with pytest.raises(ValueError, match="md5"):
                use(*arguments.get(use, ("md5 0",)))
        assert not verify_inclusion(b"\0" * 32, 0, 1, [], b"\0" * 32, "md5")
        assert not verify_consistency(1, 1, b"\0" * 32, b"\0" * 32, [], "md5")


class TestKnownVectors:
    @pytest.mark.parametrize("size", range(1, 9))
    def test_roots(self, size):
        assert root_of(leaf_hash(entry) for entry in ENTRIES[:size]).hex() == ROOTS[size - 1]

    @pytest.mark.parametrize(("index", "size"), INCLUSION)
    def test_inclusion_paths(self, index, size):
        leaves = [leaf_hash(entry) for entry in ENTRIES[:size]]
        assert hexes(inclusion_path(index, leaves)) == INCLUSION[index, size]

    @pytest.mark.parametrize(("old", "new"), CONSISTENCY)
    def test_consistency_paths(self, old, new):
        leaves = [leaf_hash(entry) for entry in ENTRIES[:new]]
        assert hexes(consistency_path(old, leaves)) == CONSISTENCY[old, new]


class TestCompactRange:
    @pytest.mark.parametrize("size", [*range(40), 1000, 1023, 1024, 1025, 4097])
    def test_has_the_root_of_the_definition(self, size):
        leaves = [leaf_hash(str(at).encode()) for at in range(size)]

        assert root_of(leaves) == naive_root(leaves)

    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    def test_goes_on_where_it_was_put_down(self, algorithm):
        edge = CompactRange(algorithm)
        for at, leaf in enumerate(LEAVES[algorithm]):
            edge = CompactRange.load(edge.dump())
            assert edge.size == at
            edge.append(leaf)
            assert edge.root() == TREES[algorithm][at + 1]

    def test_stays_small(self):
        edge = CompactRange()
        for at in range(4095):
            edge.append(leaf_hash(str(at).encode()))

        assert len(edge.dump()) < 12 * 65 + 20

    @pytest.mark.parametrize("leaf", [b"", b"\0" * 31, b"\0" * 33])
    def test_takes_leaf_hashes_only(self, leaf):
        with pytest.raises(ValueError, match="32 bytes"):
            CompactRange().append(leaf)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "sha256",
            "md5 0",
            "sha256 x",
            "sha256 1",
            "sha256 0 " + "0" * 64,
            "sha256 1 " + "0" * 62,
            "sha256 1 " + "zz" * 32,
            "sha256 01 " + "0" * 64,
            "sha256 -1 " + "0" * 64,
            "sha256 1 " + "AB" * 32,
            "sha256 2 " + "0" * 64 + "\n",
        ],
    )
    def test_refuses_a_state_it_never_wrote(self, text):
        with pytest.raises(ValueError):
            CompactRange.load(text)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
class TestEveryProof:
    def test_of_inclusion_holds_for_its_leaf_only(self, algorithm):
        leaves, roots = LEAVES[algorithm], TREES[algorithm]
        for size in range(1, LARGEST + 1):
            for index in range(size):
                path = inclusion_path(index, leaves[:size], algorithm)
                root = roots[size]
                assert verify_inclusion(leaves[index], index, size, path, root, algorithm)
                other = (index + 1) % LARGEST
                assert not verify_inclusion(leaves[other], index, size, path, root, algorithm)

    def test_of_consistency_holds_for_its_trees_only(self, algorithm):
        leaves, roots = LEAVES[algorithm], TREES[algorithm]
        for new in range(LARGEST + 1):
            for old in range(new + 1):
                path = consistency_path(old, leaves[:new], algorithm)
                proof = (old, new, roots[old], roots[new], path, algorithm)
                assert verify_consistency(*proof)
                forged = (old, new, roots[(old + 1) % LARGEST], roots[new], path, algorithm)
                assert not verify_consistency(*forged)


def mutations(path, rng):
    """Paths that are nearly this one."""
    noise = rng.randbytes(32)
    yield [*path, noise]
    yield [noise, *path]
    for at in range(len(path)):
        step = bytearray(path[at])
        step[rng.randrange(32)] ^= 1 << rng.randrange(8)
        yield [*path[:at], bytes(step), *path[at + 1 :]]
        yield path[:at] + path[at + 1 :]
        yield [*path[:at], path[at][:-1], *path[at + 1 :]]
        yield [*path[:at], path[at] + b"\0", *path[at + 1 :]]
        yield [*path[:at], b"", *path[at + 1 :]]
    if len(path) > 1:
        yield path[::-1]
        yield []


class TestForgedProofs:
    LEAVES = LEAVES["sha256"]
    ROOTS = TREES["sha256"]

    def test_of_inclusion_are_refused(self):
        rng = random.Random(9162)
        for size in range(2, LARGEST + 1):
            index = rng.randrange(size)
            leaf, root = self.LEAVES[index], self.ROOTS[size]
            path = inclusion_path(index, self.LEAVES[:size])
            for forged in mutations(path, rng):
                assert not verify_inclusion(leaf, index, size, forged, root)
            for other in (*range(index), *range(index + 1, size)):
                assert not verify_inclusion(leaf, other, size, path, root)
            assert not verify_inclusion(leaf, index, size, path, self.ROOTS[size - 1])
            assert not verify_inclusion(leaf, index, size, path, root, "sm3")

    def test_of_consistency_are_refused(self):
        rng = random.Random(9162)
        for new in range(2, LARGEST + 1):
            old = rng.randrange(1, new)
            roots = self.ROOTS[old], self.ROOTS[new]
            path = consistency_path(old, self.LEAVES[:new])
            for forged in mutations(path, rng):
                assert not verify_consistency(old, new, *roots, forged)
            assert not verify_consistency(new, old, roots[1], roots[0], path)
            assert not verify_consistency(old, new, roots[1], roots[0], path)
            assert not verify_consistency(old, new, roots[0], roots[0], path)
            assert not verify_consistency(old, new, *roots, path, "sm3")
            assert not verify_consistency(0, new, roots[0], roots[1], path)

    def test_an_old_leaf_changed_breaks_consistency(self):
        for new in range(2, LARGEST + 1):
            for old in range(1, new):
                changed = [self.LEAVES[-1], *self.LEAVES[1:new]]
                path = consistency_path(old, changed)
                assert not verify_consistency(old, new, self.ROOTS[old], root_of(changed), path)

    @pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (0, -1), (2**70, 4)])
    def test_of_places_outside_the_tree_are_refused(self, index, size):
        path = inclusion_path(0, self.LEAVES[:4])
        assert not verify_inclusion(self.LEAVES[0], index, size, path, self.ROOTS[4])

    def test_of_equal_and_empty_trees_need_an_empty_path(self):
        root, noise = self.ROOTS[3], b"\1" * 32
        assert verify_consistency(3, 3, root, root, [])
        assert not verify_consistency(3, 3, root, root, [noise])
        assert not verify_consistency(3, 3, root, self.ROOTS[2], [])
        assert verify_consistency(0, 3, empty_root(), root, [])
        assert not verify_consistency(0, 3, noise, root, [])
        assert not verify_consistency(0, 3, empty_root(), root, [noise])
        assert not verify_consistency(-1, 3, empty_root(), root, [])

    @given(st.integers(), st.integers(), st.lists(st.binary(max_size=40), max_size=8), st.binary())
    def test_of_noise_are_refused_without_an_error(self, index, size, path, value):
        root = self.ROOTS[8]
        assert not verify_inclusion(value, index, size, path, root)
        assert not verify_consistency(index, size, value, root, path)


class TestPaths:
    @pytest.mark.parametrize("index", [-1, 3])
    def test_exist_for_leaves_of_the_tree_only(self, index):
        with pytest.raises(IndexError):
            inclusion_path(index, LEAVES["sha256"][:3])

    @pytest.mark.parametrize("old", [-1, 4])
    def test_exist_for_older_trees_only(self, old):
        with pytest.raises(IndexError):
            consistency_path(old, LEAVES["sha256"][:3])
