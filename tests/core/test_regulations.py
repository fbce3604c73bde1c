import hashlib
import re

import pytest

from core.regulations import PINGHU, REGULATIONS, YUBEI, article_by_code, errata
from core.regulations.text import chinese_number

# SHA-256 of the held text. A digest changes only when a regulation is replaced, never to make a
# test pass: what is held must stay what was printed.
FILES = {
    "YB": "26779651b2cae0556d659ad0779c6cb70e2d26f26db2e0cc292fdc963d774e44",
    "PH": "767c4280c93b179df6cf6017bb0b294eac7926992be441016084847d81ae1935",
}
ARTICLES = {
    "YB-1": "ab548c71d6bdca9c1244f1ad40f92114afe6fc9ffbdecbb820341e3a27cb6730",
    "YB-2": "705ab8532c3d5dcb91e1d27fa1be1fea013aebcbf70a56f0aea2ed2d460536c5",
    "YB-3": "74b5c4c672a3124db8d2f5b9ba0b799066b7ca90f3cbce463b96155e74299b3f",
    "YB-4": "1c2d4699a8abec13ba468d5f89d8e83c75a381586c4467b8d1c9fa46d8520743",
    "YB-5": "6c9c508a794a621d5ebbd06a0cabfcf280b955aaa1916458d423e0eea52de009",
    "YB-6": "2defa38b0c38989fa80ecd104a303d017881a7327e72ac43aaa4c9f8895f1558",
    "YB-7": "49b31ed53ec87e051056caf8c6b07a8ee90d2febc387d2a3d381445eca1a63e4",
    "YB-8": "9fb468d03ff26f9e884bd53b47d828d30cac449c7695d8698d6065a38a4a2141",
    "YB-9": "7ce78cb77bb1eef47e22ee909ed058b5a659c3a95df9c2b64370c3f21977949f",
    "YB-10": "d51ec7b2dea69aeed679080bb2eb804e684572b0912bf11c0d21043522be234a",
    "YB-11": "48d513f4ead9d50499453f0df36e37c688fc84900fe29c28d386b17295adafa1",
    "YB-12": "aca1f067c1beae1737692839a9d968f81a25f7f4650097dcf73ac5d40f992f16",
    "YB-13": "652b6f99d9f3a280cace8a97a904c73bcc7ee80efa6c5f6d3474882fbcac9e1d",
    "YB-14": "3177f1f60e73c4a2338563a0edd6a69774395f869508585c7ac8a0d5d1b9ad15",
    "YB-15": "a8e8040ed142caea2e272811c9d77b1d10ef82d86549f9b6ca3fe4c36b6788a3",
    "YB-16": "0fbb5f901fc931a256770d3697e323cc7d8d81e1a31b5c98b1f9d4857acbdba3",
    "YB-17": "3e72908974621a6c779cd9d79d6805765055807e148e159c86ef24e84a6120b8",
    "YB-18": "c86b02a3cb56c824145ced73d065b1066aa9b9f1d3091ab83fd3b734afb80008",
    "YB-19": "56ef8adc72331a877d362426299b5cc876a17d1d924c2f34dcb359c15c8ebbf3",
    "YB-20": "324b667704172e60ce2ba6f7e03f731fe9b8f9049f2429a735e387f82c63f0d4",
    "YB-21": "6b84bf6bdb00e74d68d8e7b3baae677b9a43f54ac8c583716eb88c6a0d5a8c58",
    "PH-1": "5fa924e025084caaddb3e29f09ca74f33fed48b774b61c8648307d0fc9b7f233",
    "PH-2": "d616339755232b09259165d12d47d487788b4f17085345928c170c3510e1c1a5",
    "PH-3": "5095590611a5d2bf81d784f718afe2227a2ea4d2301d408969dbec8f4f70b5c1",
    "PH-4": "ff4667ae01a75fbea63622c7456aac6868dff4b8ba83117412d96d22c01aab4c",
    "PH-5": "f0aa3c6a6eeebeb909546eb8daa6bb99f9fb1122850d4469d9f9c5b3536189da",
    "PH-6": "6377fb70e9b46ad80925ba573cbb7a3d922454d12fc29bfc1be51b15b80a3806",
    "PH-7": "af5815b0457e19df6190e57a68ab46ef2098f7d4b73f20aac300b73d47d9528d",
    "PH-8": "f9efca5f14059c652b37d8d3a90a4e76f422d0f713a86aed436a1a443ba745b1",
    "PH-9": "07cc57ac652f3da4e79e5c6d9b6b67464f2635f2cb08e27d4c3813a037b2e73b",
    "PH-9K": "6b5c9c7071847512ff0363bcd50691e0de9bf713e3d0d63dd5ebd3d0859e9410",
    "PH-11": "9cef2805450b7c65583445a8bbdd932c1b77eff708a15e8cd660fdf8905e8e57",
    "PH-12": "4fb7ab9d4419f53e09fe64592c167397a751eec71f931833d0a8c20cd94503cc",
    "PH-13": "2b62ebb4cebad9818dc6cc107b0307cec6460e55ba632be346e2138d4e8426ab",
    "PH-14": "216be379fb05f9882e891679b6ba3b4019e30425012d245c286cbf8c063c1219",
    "PH-15": "738680c7f371e8f576551c3d9b2e44ce83a54db12aabf3205996f4c515cf307b",
    "PH-16": "b7c16b43dfa413fc7ed9c9e40c82d43fcfb3fdfcab22737068466d8b589b5e6d",
    "PH-17": "f51e77e8b6571931d09f7d9bfe09faa547d019ec8306ec17efadb4c07533026c",
    "PH-18": "49ae81dd8688eadde1b118901ab14b920e0c686161ff65d201a8c5e655d6f521",
}
ADDRESSES = [each for regulation in REGULATIONS.values() for each in regulation.addresses]


def digest(data):
    return hashlib.sha256(data).hexdigest()


class TestHeldText:
    @pytest.mark.parametrize("code", FILES)
    def test_is_the_printed_text(self, code):
        assert digest(REGULATIONS[code].path.read_bytes()) == FILES[code]

    @pytest.mark.parametrize("code", ARTICLES)
    def test_of_every_article_is_the_printed_text(self, code):
        assert digest(article_by_code(code).text.encode()) == ARTICLES[code]

    @pytest.mark.parametrize("code", FILES)
    def test_is_cut_without_losing_a_byte(self, code):
        regulation = REGULATIONS[code]

        joined = "".join(each.raw for each in regulation.fragments)
        assert joined.encode() == regulation.path.read_bytes()

    @pytest.mark.parametrize("code", FILES)
    def test_is_cut_at_every_article_chapter_and_item_of_the_file(self, code):
        regulation = REGULATIONS[code]
        lines = regulation.path.read_text(encoding="utf-8").splitlines()

        printed = [
            re.match(r"第\S+?条|第\S+?章|\([一二三四五六七八九十]+\)", line) for line in lines
        ]
        marks = [each.kind for each in regulation.fragments if each.kind not in ("front", "part")]
        assert len(marks) == sum(each is not None for each in printed)

    def test_has_every_article_of_yubei(self):
        assert [each.number for each in YUBEI.articles] == list(range(1, 22))
        assert len(YUBEI.chapters) == 7

    def test_has_every_article_of_pinghu_which_has_no_tenth(self):
        numbers = [each.number for each in PINGHU.articles]

        assert numbers == [*range(1, 10), 9, *range(11, 19)]
        assert not PINGHU.article(10).exists()
        assert len(PINGHU.chapters) == 5

    @pytest.mark.parametrize(
        ("article", "items"),
        [
            (YUBEI.article(4), 5),
            (YUBEI.article(6), 6),
            (YUBEI.article(7), 5),
            (YUBEI.article(9), 6),
            (YUBEI.article(15), 5),
            (YUBEI.article(11), 0),
            (PINGHU.article(2), 0),
            (PINGHU.article(2, part="office"), 10),
            (PINGHU.article(2, part="centre"), 6),
            (PINGHU.article(7), 4),
            (PINGHU.article(8), 4),
            (PINGHU.article(9), 4),
            (PINGHU.article(9, part="indicators"), 4),
        ],
        ids=str,
    )
    def test_has_every_item(self, article, items):
        assert [each.item for each in article.items] == list(range(1, items + 1))


class TestArticle:
    def test_is_cited_in_full_in_short_and_by_code(self):
        article = YUBEI.article(9, 2)

        assert article.label == "《渝北区政府购买信息服务实施办法（试行）》第九条第（二）项"
        assert str(article) == article.label
        assert article.short == "渝北第九条第（二）项"
        assert article.code == "YB-9.2"
        assert article.url == "/regulations/YB/9/#item-2"
        assert article.chapter == "第四章  政府购买信息服务的程序和方式"

    def test_of_one_number_is_cited_without_item(self):
        article = YUBEI.article(21)

        assert article.short == "渝北第二十一条"
        assert (article.code, article.url) == ("YB-21", "/regulations/YB/21/")

    def test_without_printed_number_is_cited_by_its_heading(self):
        whole = PINGHU.article(9, part="indicators")
        item = PINGHU.article(9, 1, part="indicators")

        assert whole.label == (
            "《平湖市政务服务（特定目标类）项目资金管理办法》第九条（项目绩效指标）"
        )
        assert (whole.code, whole.url) == ("PH-9K", "/regulations/PH/9/#indicators")
        assert item.short == "平湖第九条（项目绩效指标）第（一）项"
        assert (item.code, item.url) == ("PH-9K.1", "/regulations/PH/9/#indicators-item-1")

    def test_text_is_that_of_the_item(self):
        assert YUBEI.article(6, 1).text == "(一)具有独立承担民事责任的能力。"
        assert YUBEI.article(9, 4).text.endswith("作为拨付资金的依据。")
        assert YUBEI.article(9).lead.endswith("信息公开的规范流程实施。")
        assert YUBEI.article(9, 4).text in YUBEI.article(9).text

    def test_text_of_an_item_keeps_its_further_paragraphs(self):
        text = PINGHU.article(9, 1, part="indicators").text

        assert text.startswith("(一)信息化项目绩效指标")
        assert text.endswith("满意度指标:服务对象满意度≥**%,权重占比**%。")

    def test_goals_and_indicators_do_not_mix(self):
        assert "绩效指标" not in PINGHU.article(9).text
        assert "绩效目标" not in PINGHU.article(9, part="indicators").text
        assert PINGHU.article(9, 1).text.startswith("(一)信息化项目绩效目标")

    def test_two_lists_of_duties_are_told_apart(self):
        article = PINGHU.article(2)

        assert [each.part for each in article.parts] == ["office", "centre"]
        assert not PINGHU.article(2, 1).exists()
        assert PINGHU.article(2, 6, part="centre").text in article.text
        assert PINGHU.article(2, 10, part="office").text == "(十)完成市委、市政府交办的其他任务。"

    def test_paragraphs_can_be_cited(self):
        second = PINGHU.article(16, paragraph=2)

        assert second.text.startswith("管理项目资金建立相应的退出机制")
        assert second.short == "平湖第十六条第二款"
        assert (second.code, second.url) == ("PH-16P2", "/regulations/PH/16/#paragraph-2")
        assert YUBEI.article(10, paragraph=2).exists()

    @pytest.mark.parametrize(
        "article",
        [
            YUBEI.article(22),
            YUBEI.article(9, 7),
            YUBEI.article(11, 1),
            YUBEI.article(10, paragraph=3),
            YUBEI.article(9, paragraph=1),
            YUBEI.article(9, part="indicators"),
            PINGHU.article(10),
            PINGHU.article(9, 5, part="indicators"),
            PINGHU.article(3, part="indicators"),
        ],
    )
    def test_that_is_not_printed_does_not_exist(self, article):
        assert not article.exists()
        assert article.text == ""

    def test_outside_the_print_has_nothing_under_it(self):
        article = PINGHU.article(10)

        assert article.lead == article.chapter == ""
        assert article.items == article.parts == ()

    def test_is_a_value(self):
        assert YUBEI.article(9, 2) == YUBEI.article(9, 2)
        assert len({YUBEI.article(9, 2), YUBEI.article(9, 2), PINGHU.article(9, 2)}) == 2

    @pytest.mark.parametrize("article", ADDRESSES, ids=lambda each: each.code)
    def test_is_found_again_by_its_code(self, article):
        assert article.exists()
        assert article_by_code(article.code) == article

    def test_addresses_are_unique(self):
        for name in ("code", "url", "label", "short"):
            assert len({getattr(each, name) for each in ADDRESSES}) == len(ADDRESSES) == 100

    @pytest.mark.parametrize(
        "code",
        ["", "YB", "YB-0", "YB-22", "YB-9.7", "PH-10", "YB-9K", "XX-1", "YB-9.2-x", "PH-2.1"],
    )
    def test_is_not_found_by_a_code_nobody_printed(self, code):
        with pytest.raises(LookupError):
            article_by_code(code)


class TestErrata:
    def test_quote_what_is_printed(self):
        for article, notes in errata().items():
            for note in notes:
                assert note.article == article
                assert note.printed
                assert note.printed in article.text
                assert note.kind in {"缺漏", "留空", "适用"}
                assert note.title
                assert note.note

    def test_say_how_the_known_defects_are_read(self):
        assert "100—2000万元" in errata()[YUBEI.article(11)][0].read_as
        assert errata()[YUBEI.article(1)][0].read_as == "国办发〔2013〕96号"
        assert PINGHU.article(9, part="indicators") in errata()

    def test_cannot_be_changed(self):
        with pytest.raises(TypeError):
            errata()[YUBEI.article(2)] = ()


class TestChineseNumber:
    @pytest.mark.parametrize(
        ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一")]
    )
    def test_is_that_of_articles(self, number, text):
        assert chinese_number(number) == text

    @pytest.mark.parametrize("number", [0, 100, -1])
    def test_ends_at_ninety_nine(self, number):
        with pytest.raises(ValueError):
            chinese_number(number)
