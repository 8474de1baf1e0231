"""定型文: the usual sentences, as the site has them and as the association writes them, with places for what changes.

A place is written {発出者}; each sentence says which it may have. What is written is checked when it is saved, so that
no letter ever shows a place that nobody fills.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from members import history
from members.history import Actor
from members.models import Event
from notices.models import Sentence

ISSUER, DATED, EARLIER, OFFICE, WAYS = "発出者", "日付と番号", "前の文書", "団体名", "電話とFAX"
CHANGED = "変わったところ"
STILL_OPEN = "まだのこと"
DUE = "確認期限"
# What a preview puts into the places.
EXAMPLES = {
    ISSUER: "日本薬剤師会",
    DATED: "令和6年10月8日付け日薬業発第255号により",
    EARLIER: "令和6年10月2日付け6福薬業発第303号「残薬調整について」",
    CHANGED: "2 ページの期限を、11月29日から12月13日に改めました。",
    STILL_OPEN: "ご確認がお済みでない",
    DUE: "令和6年12月13日（金）",
    OFFICE: "公益社団法人福岡県薬剤師会",
    WAYS: "電話 092-000-0100　FAX 092-000-0101",
}
# What nobody knows where a place is missing.
TELLS = {EARLIER: "どの文書のことか", DUE: "いつまでか"}
MOST = 2000
# So many letters besides its places tell one sentence from another.
TELLING = 8
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Usual:
    """One sentence of the site: where it stands (`group`), what it is for, and which places it may and must have."""

    key: str
    group: str
    label: str
    text: str
    places: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    may_be_empty: bool = False


class NotASentence(ValueError):
    """What was written cannot be used; the message says why, for the screen."""


OPENING = "平素より本会の会務運営に格別のご理解とご協力を賜り、厚く御礼申し上げます。"
CLOSING = "つきましては、内容をご確認のうえ、貴会会員へご周知くださいますようお願い申し上げます。"
PASSED_ON = (ISSUER, DATED)
NOTIFY, AGAIN, REMIND, CORRECT, WITHDRAW = "notify", "again", "remind", "correct", "withdraw"
GROUPS = {NOTIFY: "周知依頼", AGAIN: "再周知", REMIND: "再周知（まだの薬局へ）", CORRECT: "訂正", WITHDRAW: "廃止"}
# What a district's letter to its members begins with, one that passes on a correction among them.
TO_MEMBERS, CORRECT_TO_MEMBERS = "members", "members_correct"
OF_DISTRICTS = {TO_MEMBERS: "地区から会員へ", CORRECT_TO_MEMBERS: "地区から会員へ（訂正）"}
OPENING_TO_MEMBERS = "日頃より本会の活動にご理解とご協力を賜り、厚く御礼申し上げます。"
CLOSING_TO_MEMBERS = "内容をご確認のうえ、ご対応くださいますようお願いいたします。"
REQUESTS = {
    NOTIFY: "標記について、{発出者}から{日付と番号}別添1のとおり連絡がありましたので、お知らせいたします。",
    AGAIN: (
        "標記については、{前の文書}によりお知らせしたところですが、{発出者}から{日付と番号}別添1のとおり連絡が"
        "ありましたので、改めてお知らせいたします。"
    ),
    REMIND: (
        "さて、{前の文書}によりお知らせいたしましたが、まだ{まだのこと}薬局がありますので、改めてお知らせいたします。"
    ),
    CORRECT: (
        "さて、{前の文書}によりお知らせいたしましたが、内容の一部に誤りがありましたので、この文書のとおり訂正いたします。"
        "お手数をおかけし誠に申し訳ございませんが、先の文書に代えて、この文書をご覧くださいますようお願い申し上げます。"
    ),
    WITHDRAW: (
        "さて、{前の文書}によりお知らせいたしましたが、この内容は廃止いたします。"
        "先の文書は、今後は使用しないでください。"
    ),
    TO_MEMBERS: "標記について、{発出者}から{日付と番号}別添1のとおり通知がありましたので、お知らせいたします。",
    CORRECT_TO_MEMBERS: (
        "標記について、{発出者}から{日付と番号}別添1のとおり訂正の通知がありましたので、お知らせいたします。"
        "{前の文書}に代えて、別添1をご覧ください。\n変わったところは、次のとおりです。\n{変わったところ}"
    ),
}
SET_UP = "あわせて、会員薬局において手順に沿った設定が進みますよう、ご案内をお願い申し上げます。"
DUE_TO_CHAIRS = "なお、会員薬局の確認期限は、{確認期限}です。"
DUE_TO_MEMBERS = "なお、確認期限は、{確認期限}です。"
CONTACT = "（問い合わせ先）{団体名} 事務局\n{電話とFAX}"
COVERING = "添え書き"
CHAIRS = (
    "標記の文書をお送りします。お受け取りになりましたら、受領の確認をお願いいたします。\n"
    "会員薬局には、同じ文書の写しを本会から直接お届けしています。貴会でも会員への周知をお願いいたします。"
)
CHAIRS_THROUGH = (
    "標記の文書をお送りします。会員薬局へは、貴会を通してお届けします。\n"
    "サインインして、「会員への文面」を確かめ、期限に間に合うようにお送りください。"
    "お送りいただくと、受領の確認と会員への周知も記録されます。"
)
CHAIRS_OF_OPEN_ONES = (
    "標記の文書をお送りします。お受け取りになりましたら、受領の確認をお願いいたします。\n"
    "先の通知でお願いしたことがまだお済みでない会員薬局には、この文書の写しを本会から直接お届けしています。"
    "貴会からもお声かけをお願いいたします。"
)
CHAIRS_WITHDRAWING = (
    "標記の文書をお送りします。お受け取りになりましたら、受領の確認をお願いいたします。\n"
    "先の文書が届いている会員薬局には、この文書の写しを本会から直接お届けしています。"
)
COPY = "地区薬剤師会会長あての文書の写しをお送りします。"
PHARMACIES = {
    "inform": "業務の参考としてお読みください。お返事はいりません。",
    "confirm": "お読みになりましたら、「確認しました」を押してください。",
    "set_up": (
        "お読みになりましたら「確認しました」を押し、続けて手順に沿って設定をお願いします。\n"
        "分からないところは、「困っています」からお知らせください。"
    ),
    "withdraw": "薬局の中で共有してください。",
}
TO_PHARMACIES = {"inform": "お知らせ", "confirm": "確認", "set_up": "確認＋設定", "withdraw": "廃止"}


def _of_letters() -> Iterable[Usual]:
    for kind, group in GROUPS.items():
        earlier = () if kind == NOTIFY else (EARLIER,)
        passed_on = PASSED_ON if kind in (NOTIFY, AGAIN) else (STILL_OPEN,) if kind == REMIND else ()
        yield Usual(f"{kind}_opening", group, "書き出し", OPENING, may_be_empty=True)
        yield Usual(f"{kind}_request", group, "用件", REQUESTS[kind], (*earlier, *passed_on), earlier)
        yield Usual(f"{kind}_closing", group, "結び", "" if kind == WITHDRAW else CLOSING, may_be_empty=True)
    for kind, group in OF_DISTRICTS.items():
        places, required = (PASSED_ON, ()) if kind == TO_MEMBERS else ((*PASSED_ON, EARLIER, CHANGED), (EARLIER,))
        yield Usual(f"{kind}_opening", group, "書き出し", OPENING_TO_MEMBERS, may_be_empty=True)
        yield Usual(f"{kind}_request", group, "用件", REQUESTS[kind], places, required)
        yield Usual(f"{kind}_closing", group, "結び", CLOSING_TO_MEMBERS, may_be_empty=True)
    yield Usual(
        "members_due", OF_DISTRICTS[CORRECT_TO_MEMBERS], "確認期限（どちらにも）", DUE_TO_MEMBERS, (DUE,), (DUE,)
    )
    yield Usual("set_up", "どの文書にも", "設定のお願い（確認＋設定のとき）", SET_UP, may_be_empty=True)
    yield Usual("due", "どの文書にも", "確認期限", DUE_TO_CHAIRS, (DUE,), (DUE,))
    yield Usual("contact", "どの文書にも", "問い合わせ先", CONTACT, (OFFICE, WAYS))


def _of_mails() -> Iterable[Usual]:
    yield Usual("covering_chairs", COVERING, "地区会長へ", CHAIRS)
    yield Usual("covering_chairs_through", COVERING, "地区会長へ：地区を通すとき", CHAIRS_THROUGH)
    yield Usual("covering_chairs_open", COVERING, "地区会長へ：再周知（まだ済んでいない薬局へ）", CHAIRS_OF_OPEN_ONES)
    yield Usual("covering_chairs_withdraw", COVERING, "地区会長へ：廃止", CHAIRS_WITHDRAWING)
    for ask, label in TO_PHARMACIES.items():
        yield Usual(f"covering_{ask}", COVERING, f"薬局へ：{label}", COPY + PHARMACIES[ask])


USUAL = {usual.key: usual for usual in (*_of_letters(), *_of_mails())}


def texts(keys: Iterable[str] = USUAL) -> dict[str, str]:
    """The sentences as the association has them, by their keys."""
    written = dict(Sentence.objects.filter(key__in=keys).values_list("key", "text"))
    return {key: written.get(key, USUAL[key].text) for key in keys}


def text(key: str, values: Mapping[str, str] | None = None) -> str:
    """One sentence with its places filled; lines on which nothing is left are dropped."""
    return filled(texts([key])[key], values or {})


def filled(written: str, values: Mapping[str, str]) -> str:
    """The text with its places filled by `values`; those that nobody fills are left out."""
    lines = (_PLACE.sub(lambda place: values.get(place[1], ""), line) for line in written.splitlines())
    return "\n".join(line for line in lines if line.strip())


def matches(key: str, line: str) -> bool:
    """Whether a line of a letter is one of this sentence, the site's own or the association's, whatever fills it."""
    forms = [*USUAL[key].text.splitlines(), *texts([key])[key].splitlines()]
    return any(_pattern(form).fullmatch(line.strip()) for form in forms if len(_PLACE.sub("", form)) >= TELLING)


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, _PLACE.split(written.strip())[::2])))


def checked(key: str, written: str) -> str:
    """The text as it will be kept. Raises NotASentence."""
    usual = USUAL[key]
    written = "\n".join(line.rstrip() for line in written.replace("\r\n", "\n").strip().split("\n"))
    if not written and not usual.may_be_empty:
        raise NotASentence("文が空です。もとの文に戻すときは「もとの文に戻す」を押してください。")
    if len(written) > MOST:
        raise NotASentence(f"{MOST:,} 字までです。今は {len(written):,} 字あります。")
    found = _PLACE.findall(written)
    if re.search(r"[{}]", _PLACE.sub("", written)):
        raise NotASentence("{ と } は、{発出者} のように、入れかわるところを囲むためだけに使えます。")
    if strange := [place for place in found if place not in usual.places]:
        usable = "、".join(f"{{{place}}}" for place in usual.places) or "ありません"
        raise NotASentence(f"{{{strange[0]}}} は、この文では使えません。使えるもの：{usable}。")
    if missing := [place for place in usual.required if place not in found]:
        raise NotASentence(f"{{{missing[0]}}} がありません。{TELLS[missing[0]]}が分からなくなるので、入れてください。")
    return written


@transaction.atomic
def change(key: str, written: str, actor: Actor) -> bool:
    """Write the sentence anew; whether that changed anything. Raises NotASentence."""
    written = checked(key, written)
    if written == USUAL[key].text:
        return reset(key, actor)
    before = texts([key])[key]
    if before == written:
        return False
    kept, _ = Sentence.objects.update_or_create(key=key, defaults={"text": written, "changed_by": actor.account})
    history.record("sentence.changed", kept, actor=actor, key=key, before=before, after=written)
    return True


@transaction.atomic
def reset(key: str, actor: Actor) -> bool:
    """Take the site's own sentence again; whether there was another one."""
    kept = Sentence.objects.select_for_update().filter(key=key).first()
    if kept is None:
        return False
    history.record("sentence.reset", kept, actor=actor, key=key, before=kept.text, after=USUAL[key].text)
    kept.delete()
    return True


def events(key: str) -> list[Event]:
    """Every change of the sentence, the latest first, with the text `before` and `after` in its detail."""
    found = Event.objects.filter(subject_kind="sentence", detail__key=key).select_related("account")
    return list(found.order_by("-pk"))
