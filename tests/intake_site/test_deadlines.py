"""A day by which the association itself is to answer is not the deadline of its members."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members import wareki
from notices.intake import deadlines
from notices.letters import stating
from notices.models import Notice
from notices.procedures import take_in
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.intake_site.office import OWN, WITHOUT_FIRST, actor, received

DAY = dt.date(2024, 12, 11)


@pytest.mark.parametrize(
    "sentence",
    [
        "貴会で取りまとめて12月11日までに本会へ報告くださいますようお願い申し上げます。",
        "つきましては、実施状況を貴会において取りまとめの上、令和6年12月11日（水）までに本会までご報告ください。",
        "貴会におかれましては、会員への周知とともに、状況を12月11日までにご回答ください。",
        "令和 6 年 12 月 11 日までに、別紙様式により本会事務局あてご回答くださいますようお願いします。",
        "会員薬局からの回答をとりまとめ、１２月１１日までに提出願います。",
        "貴職において、12月11日までに当課へ提出されたい。",
        "貴会会員に周知いただくとともに、貴会における設定完了薬局数を、12月11日までに本会医薬情報管理部宛てご報告ください。",
    ],
)
def test_a_day_by_which_the_addressee_answers_is_not_its_members(sentence: str):
    assert deadlines.is_for_addressee({"body": f"時下ますます。\n{sentence}", "items": []}, DAY)


@pytest.mark.parametrize(
    "sentence",
    [
        "各薬局においては、12月11日までに登録を終えてください。",
        "会員薬局は、12月11日までに本会へ報告してください。",
        "12月11日までに本会へ報告するよう、会員へご周知ください。",
        "貴会におかれては、12月11日までに会員薬局が届出を終えるようご周知ください。",
        "貴会から会員へ、12月11日までに登録するようご周知ください。",
        "会員が12月11日までに提出し、貴会で取りまとめ、12月20日までに本会へご報告ください。",
        "12月11日までに届け出てください。",
        "貴会で取りまとめ、11月30日までに本会へご報告ください。薬局の届出は、12月11日までです。",
        "貴会会員に対し、12月11日までに本会へ回答するようお知らせください。",
        "会員に対し12月11日までに本部へ申込書を提出するようお伝えください。",
        "薬局の皆様へ、12月11日までに本会へご回答いただくようご依頼ください。",
        "会員各位に12月11日までに本会へ回答をお願いしてください。",
        "12月11日までに本会へ回答するよう、お知らせください。",
    ],
)
def test_a_day_that_may_be_the_members_stays_theirs(sentence: str):
    assert not deadlines.is_for_addressee({"body": sentence, "items": []}, DAY)


def test_a_day_among_the_items_is_looked_at_too():
    item = "１　実施状況は、貴会で取りまとめ、12月11日までに本会へ報告すること"
    assert deadlines.is_for_addressee({"body": "次のとおりお願いします。", "items": [item]}, DAY)


def drafted(cast: Cast, text: str) -> tuple[Notice, str]:
    draft = take_in.register(take_in.accept(received(cast, text), actor(cast)), actor(cast))
    return draft, text_of(cast.client("staff").get(reverse("notices:compose", args=[draft.pk])))


def asking(text: str, day: dt.date, who: str) -> str:
    """The packet with a sentence of its first letter that asks for something by the day."""
    asks = f"{who}{wareki.long_date(day)}までに本会へご報告くださいますようお願い申し上げます。\n\n"
    start = text.index("貴会会員へご周知")
    start = text.rindex("\n", 0, start) + 1
    return text[:start] + asks + text[start:]


def test_the_draft_has_no_deadline_and_says_whose_the_day_is(cast: Cast):
    day = timezone.localdate() + dt.timedelta(days=30)
    draft, page = drafted(cast, asking(WITHOUT_FIRST, day, "実施状況は、貴会で取りまとめて、"))
    assert draft.release.deadline is None
    assert not stating.names(draft.body, day)
    whose = f"{wareki.long_date(day)}は、本会が報告する期限のようです。"
    assert f"{whose}会員への期限を入れてください。" in page
    assert "別添（日薬業発第318号）" in page
    draft.release.deadline = day
    draft.release.save()
    page = text_of(cast.client("staff").get(reverse("notices:compose", args=[draft.pk])))
    assert whose in page and "会員への期限を入れてください" not in page


def test_in_the_associations_own_letter_it_is_the_day_of_the_districts(cast: Cast):
    day = timezone.localdate() + dt.timedelta(days=30)
    draft, page = drafted(cast, asking(OWN, day, "実施状況は、貴会で取りまとめて、"))
    assert draft.release.deadline is None
    assert f"{wareki.long_date(day)}は、この文書の宛先（各地区薬剤師会会長）が報告する期限のようです" in page


def test_a_day_that_a_letter_within_asks_of_pharmacies_is_proposed(cast: Cast):
    own, theirs = (timezone.localdate() + dt.timedelta(days=days) for days in (20, 40))
    text = asking(WITHOUT_FIRST, own, "実施状況は、貴会で取りまとめて、")
    ending = text.index("貴団体")
    start = text.rindex("\n", 0, ending) + 1
    asks = f"薬局においては、{wareki.long_date(theirs)}までに届け出てください。\n\n"
    draft, _ = drafted(cast, text[:start] + asks + text[start:])
    assert draft.release.deadline == theirs
