"""The pages of the register of providers, and what each refuses."""

from __future__ import annotations

from typing import ClassVar

import pytest
import time_machine

from core.attachments import Attachment
from procurement.models import Provider
from tests import purchase
from tests.budgeting.steps import Desk, minutes
from tests.purchase import INTENDED, PUBLISHED
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


class TestProviders:
    """第六条的名录与六项条件，第十九条的取消资格。"""

    FORM: ClassVar = {
        "name": "明川信息技术有限公司",
        "kind": "enterprise",
        "credit_code": "91500112ma5u00012t",
        "code_note": "演练用代码",
        "registered_with": "区市场监督管理局",
    }

    def test_are_registered_reviewed_debarred_and_closed(self, world: World) -> None:
        with time_machine.travel(INTENDED):
            provider = self._register(world)
            self._review(world, provider)
            self._debar(world, provider)
            self._close(world, provider)

    def _register(self, world: World) -> Provider:
        desk, url = Desk(world.zhang), "/procurement/providers/new/"
        assert f'href="{url}"' in desk.get("/procurement/providers/")
        text = Desk.text(desk.post(url, status=422, **(self.FORM | {"credit_code": "12345"})))
        assert "不是 18 位规定字符" in text
        assert "明川信息技术有限公司" in text
        text = Desk.text(desk.post(url, status=422, **(self.FORM | {"code_note": ""})))
        assert "校验位不符" in text
        desk.post(url, **self.FORM)
        text = Desk.text(desk.post(url, status=422, **(self.FORM | {"name": "重名"})))
        assert "没有重复登记" in text
        Desk(world.wu).get(url, status=403)
        assert f'href="{url}"' not in Desk(world.wu).get("/procurement/providers/")
        return Provider.objects.get()

    def _review(self, world: World, provider: Provider) -> None:
        desk = Desk(world.zhang)
        url = f"/procurement/providers/{provider.pk}"
        assert f"{url}/review/?condition=4" in desk.get(f"{url}/")
        assert '<option value="4" selected>' in desk.get(f"{url}/review/?condition=4")
        form = {
            "condition": "4",
            "is_met": "yes",
            "evidence": "完税证明 3 号",
            "valid_from": "2026-01-01",
            "valid_until": "2026-02-28",
        }
        desk.post(f"{url}/review/", status=415, **form, file=minutes("证明.exe"))
        turned = form | {"valid_until": "2025-01-01"}
        text = Desk.text(desk.post(f"{url}/review/", status=422, **turned))
        assert "有效期的起止日倒置" in text
        desk.post(f"{url}/review/", **form, file=minutes("完税证明.pdf"))
        page = desk.get(f"{url}/")
        for words in ("完税证明 3 号", "完税证明.pdf", "2026-01-01 至 2026-02-28", "1/6 项"):
            assert words in page
        file = Attachment.objects.get(name="完税证明.pdf")
        assert Desk(world.chen).client.get(f"/files/{file.pk}/").status_code == 200
        with time_machine.travel(PUBLISHED):
            page = Desk(world.zhang).get(f"{url}/")
            assert "不在有效期内" in page
            assert "0/6 项" in page

    def _debar(self, world: World, provider: Provider) -> None:
        desk, url = Desk(world.zhao), f"/procurement/providers/{provider.pk}"
        form = {
            "authority": "区财政局",
            "decision_number": "示财罚〔2026〕1号",
            "decided_on": "2026-02-02",
            "grounds": "冒领财政资金。",
            "since": "2026-02-02",
            "until": "2028-02-01",
        }
        Desk(world.zhang).post(f"{url}/debar/", status=403, **form)
        desk.post(f"{url}/debar/", status=422, **(form | {"until": "2029-02-03"}))
        desk.post(f"{url}/debar/", status=422, **(form | {"until": "2026-02-01"}))
        desk.post(f"{url}/debar/", status=422, **(form | {"decided_on": "2026-02-03"}))
        assert str(provider) not in desk.get("/procurement/providers/?debarred=on")
        desk.post(f"{url}/debar/", **form)
        assert "取消资格中" in desk.get(f"{url}/")
        assert str(provider) in desk.get("/procurement/providers/?debarred=on&kind=enterprise")
        assert str(provider) not in desk.get("/procurement/providers/?name=云栈")
        line = next(row for row in desk.get("/procurement/providers/?export=csv").splitlines()[1:])
        assert line == "明川信息技术有限公司,企业,91500112MA5U00012T,1/6,2028-02-01,在册"

    def _close(self, world: World, provider: Provider) -> None:
        url = f"/procurement/providers/{provider.pk}"
        Desk(world.zhang).post(f"{url}/close/", status=422, note="")
        Desk(world.zhang).post(f"{url}/close/", note="已注销。")
        page = Desk(world.zhang).get(f"{url}/")
        assert "已停用" in page
        assert "已注销。" in page
        assert "/review/" not in page

    def test_are_not_seen_from_another_district(self, world: World) -> None:
        provider = purchase.provider(world, qualified=False)
        elsewhere = build_world("yy", prefix="yy")
        with time_machine.travel(INTENDED):
            desk = Desk(elsewhere.zhang)
            assert str(provider) not in desk.get("/procurement/providers/")
            desk.get(f"/procurement/providers/{provider.pk}/", status=404)
            desk.get(f"/procurement/providers/{provider.pk}/review/", status=404)
