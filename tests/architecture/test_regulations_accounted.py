"""Every article and item of both regulations has a rule, or an honest account of why not."""

from __future__ import annotations

import pytest

from config.docs import accounted
from config.docs.accounted import Account
from core.regulations import REGULATIONS


def test_nothing_is_left_out_and_every_account_points_at_something_real():
    assert accounted.faults() == []


class TestTheJudge:
    """A fault of each kind, planted."""

    KNOWN = frozenset(a.code for r in REGULATIONS.values() for a in r.addresses)

    @pytest.mark.parametrize(
        "entry",
        [
            Account(("YB-99",), "not_applicable", "没有这一条", "", ()),
            Account(("YB-1",), "later", "没有这一种", "", ()),
            Account(("YB-1",), "not_applicable", "", "", ()),
            Account(("YB-6",), "ahead", "没有写哪个环节", "", ()),
            Account(("YB-6",), "ahead", "没有这个环节", "以后", ()),
            Account(("YB-2",), "procedural", "没有写在哪里", "", ()),
            Account(("YB-2",), "procedural", "没有这个文件", "", ("projects/nowhere.py:x",)),
            Account(("YB-2",), "procedural", "没有这个名称", "", ("projects/rules.py:nothing",)),
        ],
        ids=lambda entry: entry.text or "empty",
    )
    def test_finds(self, entry):
        assert accounted._faults_of(entry, set(self.KNOWN))

    def test_finds_an_address_nobody_answers_for(self, monkeypatch):
        without = [e for e in accounted.accounts() if "YB-20" not in e.addresses]
        monkeypatch.setattr(accounted, "accounts", lambda: without)
        assert accounted.faults() == ["YB-20 has neither a rule nor an entry in accounted.toml"]
