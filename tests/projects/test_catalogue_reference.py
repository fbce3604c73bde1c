import re
import tomllib

import pytest
from django.conf import settings

from core.regulations import article_by_code
from projects.declarations import KINDS

PATH = settings.BASE_DIR / "projects/reference/catalogue.toml"
DATA = tomllib.loads(PATH.read_text(encoding="utf-8"))
ITEMS = {item["code"]: item for item in DATA["item"]}
KINDS_OF_THE_FIRST_TWO = {
    1: article_by_code("YB-7.1").text,
    2: article_by_code("YB-7.2").text,
}


class TestCatalogueReference:
    """《渝北办法》第七条、第八条：五类服务，种类、性质、内容。"""

    def test_has_the_five_categories_of_the_article(self):
        assert [each["number"] for each in DATA["category"]] == [1, 2, 3, 4, 5]
        for each in DATA["category"]:
            assert each["name"] in article_by_code(each["article"]).text

    def test_has_every_code_once(self):
        assert len(ITEMS) == len(DATA["item"]) == 55

    @pytest.mark.parametrize("item", DATA["item"], ids=lambda item: item["code"])
    def test_every_item_is_complete(self, item):
        assert re.fullmatch(r"C[0-9]{8}", item["code"])
        assert item["category"] in range(6)
        assert item["nature"] in {"政府履职所需", "向社会公众提供", "均可"}
        assert item["name"]
        assert item["content"]
        assert item["category"] or item["note"]

    @pytest.mark.parametrize("item", DATA["item"], ids=lambda item: item["code"])
    def test_every_parent_is_the_code_one_level_up(self, item):
        stem = item["code"].rstrip("0")
        stem = stem + "0" * (len(stem) % 2 == 0)
        above = stem[:-2].ljust(9, "0")

        if item["parent"]:
            assert item["parent"] == above
            assert item["parent"] in ITEMS
        else:
            assert above not in ITEMS

    @pytest.mark.parametrize("item", DATA["item"], ids=lambda item: item["code"])
    def test_kinds_are_words_of_the_article(self, item):
        if item["category"] in KINDS_OF_THE_FIRST_TWO:
            assert item["kind"] in KINDS_OF_THE_FIRST_TWO[item["category"]]

    def test_every_kind_the_article_lists_has_a_code(self):
        """The ten of （一）, the four of （二）, and （三） to （五）."""
        assert {n: len(kinds) for n, kinds in KINDS.items()} == {1: 10, 2: 4, 3: 1, 4: 1, 5: 1}
        for number, kinds in KINDS.items():
            text = article_by_code(f"YB-7.{number}").text
            mapped = {i["kind"] for i in DATA["item"] if i["category"] == number}
            assert [k for k in kinds if k not in text or k not in mapped] == []

    def test_cloud_computing_waits_for_the_finance_bureau(self):
        """第七条没有云计算：随附的品目不归入任何一类，须由财政部门确定。"""
        assert (ITEMS["C16040000"]["category"], "财政部门确定" in ITEMS["C16040000"]["note"]) == (
            0,
            True,
        )

    def test_has_the_codes_of_the_walk(self):
        assert ITEMS["C16070300"]["name"] == "软件运维服务"
        assert ITEMS["C16010302"]["parent"] == "C16010300"
