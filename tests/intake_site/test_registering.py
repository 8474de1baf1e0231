"""A registered packet becomes notices with their numbers, attachments and relations, and gives the notice to issue."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from members.models import Event, Organisation
from members.models.organisation import Kind
from notices.intake import kept, registering
from notices.models import DocumentNumber, Notice, Packet, Relation
from notices.procedures import take_in
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.intake.packets import REAL_PACKET, beside_shared
from tests.intake_site.office import OWN, SAME_NUMBER, WITHOUT_FIRST, actor, received

AGAIN = """6福薬業発第420号
令和7年1月15日

各地区薬剤師会会長 殿

公益社団法人福岡県薬剤師会
常務理事 髙﨑 濵一郎

残薬連絡アプリの設定について（再周知）

標記については、6福薬業発第412号及び令和6年11月25日付け日薬業発第318号にてお知らせしたところですが、再度お知らせいたします。

以上
"""


def test_a_letter_of_the_same_packet_is_known_however_it_is_cited(cast: Cast):
    packet = received(cast, OWN)
    known = packet.kept
    number = known["letters"][0]["numbers"][0]
    known["letters"][1]["references"] = [{"number": number, "date": None, "follows_up": False}]
    packet.corrected = known
    packet.save()
    top = take_in.record(packet, actor(cast))
    (cited,) = Relation.objects.filter(source__packet_order=1, kind=Relation.Kind.CITES)
    assert cited.target == top


def test_a_letter_that_cites_its_own_number_leads_nowhere(cast: Cast):
    packet = received(cast, OWN)
    known = packet.kept
    for letter in known["letters"]:
        letter["references"] = [{"number": number, "date": None, "follows_up": False} for number in letter["numbers"]]
    packet.corrected = known
    packet.save()
    take_in.record(packet, actor(cast))
    assert set(Relation.objects.values_list("kind", flat=True)) == {Relation.Kind.ENCLOSES}


def test_an_enclosed_letter_that_is_cited_by_its_date_is_not_told_twice(cast: Cast):
    packet = received(cast, OWN)
    known = packet.kept
    known["letters"][0]["references"] = [
        {"number": None, "date": known["letters"][1]["date"], "follows_up": False},
        {"number": None, "date": "2024-01-09", "follows_up": False},
    ]
    packet.corrected = known
    packet.save()
    top = take_in.record(packet, actor(cast))
    told = [(kind, date) for kind, _, _, date in relations(top)]
    assert told == [(Relation.Kind.ENCLOSES, None), (Relation.Kind.CITES, dt.date(2024, 1, 9))]


def relations(notice: Notice) -> list[tuple[str, Notice | None, str, dt.date | None]]:
    return [(one.kind, one.target, one.cited_number, one.cited_date) for one in notice.relations.all()]


def test_the_own_letter_on_top_is_the_notice_to_issue(cast: Cast):
    notice = take_in.register(received(cast), actor(cast))
    assert (notice.state, notice.number_fixed, notice.number_text) == (Notice.State.DRAFT, True, "6福薬業発第412号")
    assert (notice.date, notice.addressees, notice.honorific) == (dt.date(2024, 12, 11), ["各地区薬剤師会会長"], "殿")
    assert str(notice.issuers.get()) == "公益社団法人福岡県薬剤師会 常務理事 髙﨑 濵一郎"
    assert notice.issuers.get().organisation == cast.association
    assert notice.body.startswith("時下ますますご清祥のこととお慶び申し上げます。")
    assert notice.release.state == "prepared"
    assert notice.drafted_by == cast.capacities["staff"].account


def test_each_letter_becomes_a_notice_in_the_chain(cast: Cast):
    top = take_in.register(received(cast), actor(cast))
    national = Notice.objects.get(numbers__text="日薬業発第318号")
    ministry = Notice.objects.get(kind="事務連絡")
    assert [(one.kind, one.target) for one in top.relations.all()] == [("encloses", national), ("follows_up", None)]
    assert relations(national)[0] == ("encloses", ministry, "", None)
    assert relations(national)[1:] == [("cites", None, "日薬業発第301号", dt.date(2024, 11, 12))]
    assert {national.state, ministry.state} == {Notice.State.RECEIVED}
    assert ministry.addressees == ["公益社団法人日本医師会", "公益社団法人日本歯科医師会", "公益社団法人日本薬剤師会"]
    assert not ministry.numbers.exists()


def test_attachments_are_letters_texts_and_addresses(cast: Cast):
    top = take_in.register(received(cast), actor(cast))
    letter, guide, page = top.attachments.all()
    assert (letter.label, letter.enclosed.number_text, letter.url) == ("別添1", "日薬業発第318号", "")
    assert (guide.label, guide.enclosed, guide.text[:10]) == ("別添2", None, "在宅残薬連絡システム")
    assert (page.label, page.url, page.text) == ("参考", "https://zanyaku.example/guide?id=start", "")


def test_an_address_of_another_scheme_is_not_taken_over(cast: Cast):
    packet = received(cast)
    rows = [dict(row) for row in packet.letters[0]["attachments"]]
    rows[2]["url"] = "javascript:alert(1)"
    take_in.correct(packet, {0: packet.letters[0] | {"attachments": rows}}, actor(cast))
    assert [one.url for one in take_in.register(packet, actor(cast)).attachments.all()] == ["", "", ""]


def test_a_received_letter_on_top_is_enclosed_in_a_new_one(cast: Cast):
    packet = received(cast, WITHOUT_FIRST)
    notice = take_in.register(packet, actor(cast))
    national = Notice.objects.get(numbers__text="日薬業発第318号")
    assert (notice.state, notice.number_fixed, notice.packet) == (Notice.State.DRAFT, False, None)
    assert notice.issuers.get().organisation == cast.association
    assert (notice.attachments.first().label, notice.attachments.first().enclosed) == ("別添1", national)
    assert national.state == Notice.State.RECEIVED
    assert registering.enclosing_notice(national) == notice


@pytest.mark.parametrize("text", [OWN, WITHOUT_FIRST], ids=["own letter on top", "received letter on top"])
def test_registering_twice_gives_the_first_result(cast: Cast, text: str):
    packet = received(cast, text)
    first = take_in.register(packet, actor(cast))
    counts = Notice.objects.count(), Event.objects.count()
    assert take_in.register(packet, actor(cast)) == first
    assert (Notice.objects.count(), Event.objects.count()) == counts


def test_recording_alone_makes_no_draft_and_may_be_followed_by_one(cast: Cast):
    packet = received(cast, WITHOUT_FIRST)
    top = take_in.record(packet, actor(cast))
    assert set(Notice.objects.values_list("state", flat=True)) == {Notice.State.RECEIVED}
    assert take_in.record(packet, actor(cast)) == top
    assert take_in.register(packet, actor(cast)).attachments.first().enclosed == top


def test_issuers_are_known_organisations_or_new_ones(cast: Cast):
    known = Organisation.objects.create(kind=Kind.ISSUER, name="公益社団法人 日本薬剤師会", short_name="日薬")
    take_in.register(received(cast), actor(cast))
    assert Notice.objects.get(numbers__text="日薬業発第318号").issuers.get().organisation == known
    ministry = Notice.objects.get(kind="事務連絡").issuers.get().organisation
    assert (ministry.kind, ministry.name, ministry.label) == (Kind.ISSUER, "厚生労働省医薬局総務課", "厚生労働省")


def test_a_number_is_known_by_issuer_series_year_and_serial(cast: Cast):
    take_in.register(received(cast), actor(cast))
    own = DocumentNumber.objects.get(text="6福薬業発第412号")
    assert (own.issuer, own.series, own.fiscal_year, own.serial) == (cast.association, "福薬業発", 2024, 412)
    national = DocumentNumber.objects.get(text="日薬業発第318号")
    assert (national.fiscal_year, national.serial) == (2024, 318)


def test_a_cited_notice_of_the_archive_is_linked(cast: Cast):
    first = take_in.register(received(cast), actor(cast))
    national = Notice.objects.get(numbers__text="日薬業発第318号")
    again = take_in.register(received(cast, AGAIN), actor(cast))
    assert relations(again) == [
        ("follows_up", first, "6福薬業発第412号", None),
        ("follows_up", national, "日薬業発第318号", dt.date(2024, 11, 25)),
    ]


def test_the_same_serial_of_another_year_is_another_notice(cast: Cast):
    take_in.register(received(cast), actor(cast))
    next_year = AGAIN.replace("令和6年11月25日付け", "令和7年4月2日付け").replace("令和7年1月15日", "令和7年4月20日")
    cited = relations(take_in.register(received(cast, next_year), actor(cast)))[1]
    assert cited == ("follows_up", None, "日薬業発第318号", dt.date(2025, 4, 2))


def test_a_number_already_used_is_refused_with_the_first_notice(cast: Cast):
    first = take_in.register(received(cast), actor(cast))
    packet = received(cast, SAME_NUMBER)
    with pytest.raises(registering.NumberTaken, match="6福薬業発第412号") as refused:
        take_in.register(packet, actor(cast))
    assert refused.value.first == first
    packet.refresh_from_db()
    assert packet.state == Packet.State.DOUBTFUL
    assert not packet.notices.exists()


def test_the_same_number_may_return_in_the_next_year(cast: Cast):
    take_in.register(received(cast, WITHOUT_FIRST), actor(cast))
    later = WITHOUT_FIRST.replace("令 和 6 年 11 月 25 日", "令 和 7 年 11 月 25 日")
    later = later.replace("令和 6 年 11 月 22 日", "令和 7 年 11 月 22 日")
    take_in.register(received(cast, later), actor(cast))
    assert sorted(DocumentNumber.objects.filter(serial=318).values_list("fiscal_year", flat=True)) == [2024, 2025]


def test_an_enclosed_letter_that_is_known_is_linked_not_made_again(cast: Cast):
    take_in.register(received(cast, WITHOUT_FIRST), actor(cast))
    national = Notice.objects.get(numbers__text="日薬業発第318号")
    top = take_in.register(received(cast), actor(cast))
    assert top.attachments.first().enclosed == national
    assert top.relations.first().target == national
    assert Notice.objects.filter(kind="事務連絡").count() == 1


def test_an_enclosed_letter_of_another_date_under_a_known_number_is_refused(cast: Cast):
    take_in.register(received(cast, WITHOUT_FIRST), actor(cast))
    other = OWN.replace("令 和 6 年 11 月 25 日", "令 和 6 年 11 月 26 日")
    with pytest.raises(registering.NumberTaken, match="日薬業発第318号") as refused:
        take_in.register(received(cast, other), actor(cast))
    assert refused.value.letter == 1


def test_one_number_on_two_letters_of_a_packet_is_refused(cast: Cast):
    with pytest.raises(registering.NumberTwice, match="6福薬業発第412号"):
        take_in.register(received(cast, OWN + SAME_NUMBER), actor(cast))
    assert not Notice.objects.exists()


def test_numbers_that_differ_in_their_branch_are_two(cast: Cast):
    take_in.register(received(cast, SAME_NUMBER), actor(cast))
    branch = SAME_NUMBER.replace("第412号", "第412号の2")
    take_in.register(received(cast, branch), actor(cast))
    assert DocumentNumber.objects.filter(serial=412).count() == 2


def test_joint_letters_have_the_number_of_each_issuer(cast: Cast):
    packet = received(cast, SAME_NUMBER)
    joint = {
        "numbers": ["6福薬業発第412号", "6福医発第7号"],
        "issuers": [*packet.letters[0]["issuers"], {"organisation": "福岡県医師会", "title": "会長", "name": None}],
    }
    take_in.correct(packet, {0: packet.letters[0] | joint}, actor(cast))
    notice = take_in.register(packet, actor(cast))
    assert notice.number_text == "6福薬業発第412号・6福医発第7号"
    assert [one.issuer.name for one in notice.numbers.all()] == ["公益社団法人福岡県薬剤師会", "福岡県医師会"]


def test_doubts_must_be_settled_first(cast: Cast):
    packet = received(cast, OWN.replace("令 和 6 年 11 月 25 日", "令 和 6 年 11 月 31 日"))
    with pytest.raises(registering.DoubtsLeft, match="1 か所") as refused:
        take_in.register(packet, actor(cast))
    assert refused.value.letter == 1
    assert take_in.register(take_in.accept(packet, actor(cast)), actor(cast)).state == Notice.State.DRAFT


@pytest.mark.parametrize(
    ("lacking", "says"), [({"subject": ""}, "件名がありません"), ({"issuers": []}, "発出者の団体名がありません")]
)
def test_a_letter_without_subject_or_issuer_is_not_registered(cast: Cast, lacking: dict, says: str):
    packet = received(cast)
    take_in.correct(packet, {2: packet.letters[2] | lacking}, actor(cast))
    with pytest.raises(registering.Incomplete, match=says) as refused:
        take_in.register(packet, actor(cast))
    assert refused.value.letter == 2
    assert not Notice.objects.exists()


def test_the_deadline_that_the_letters_state_is_proposed_while_it_is_to_come_and_says_where_from(cast: Cast):
    soon, over = timezone.localdate() + dt.timedelta(days=30), dt.date(2025, 1, 15)

    def drafted(text: str, letter: int, day: dt.date) -> tuple[dt.date | None, str]:
        packet = received(cast, text)
        take_in.correct(packet, {letter: packet.letters[letter] | {"deadline": day.isoformat()}}, actor(cast))
        draft = take_in.register(packet, actor(cast))
        return draft.release.deadline, text_of(cast.client("staff").get(reverse("notices:compose", args=[draft.pk])))

    proposed, page = drafted(WITHOUT_FIRST, 0, soon)
    assert proposed == soon
    assert "別添（日薬業発第318号）の期限です。会員の期限としてよいか、確かめてください" in page
    proposed, page = drafted(SAME_NUMBER, 0, over)
    assert proposed is None
    assert "この文書の期限は 令和7年1月15日でした" in page


def test_history_tells_what_was_registered_and_drafted(cast: Cast):
    packet = received(cast)
    notice = take_in.register(packet, actor(cast))
    told = list(Event.objects.order_by("id").values_list("verb", "subject_id"))
    of_packet, of_notice = ("received", "registered"), ("drafted", "changed")  # by the steps of its guide
    assert told == [
        *((f"packet.{verb}", packet.pk) for verb in of_packet),
        *((f"notice.{verb}", notice.pk) for verb in of_notice),
    ]


@pytest.mark.django_db(transaction=True)
def test_pressed_by_four_at_once_one_notice_is_made(cast: Cast):
    packet = received(cast)

    def press(_: int) -> int:
        try:
            return take_in.register(packet, actor(cast)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        made = set(people.map(press, range(4)))
    assert made == {Notice.objects.get(state=Notice.State.DRAFT).pk}
    assert Notice.objects.count() == 3


@beside_shared
def test_the_real_packet_is_registered_word_for_word(cast: Cast):
    packet = take_in.receive(REAL_PACKET.read_bytes(), "packet.txt", actor(cast))
    assert [(stop.organisation, stop.gap_days) for stop in kept.stops(packet.kept)] == [
        ("厚生労働省", 1),
        ("日本薬剤師会", 22),
        ("福岡県薬剤師会", None),
    ]
    notice = take_in.register(packet, actor(cast))
    assert (notice.number_text, notice.date) == ("6福薬業発第337号", dt.date(2024, 10, 30))
    assert str(notice.issuers.get()) == "公益社団法人福岡県薬剤師会 常務理事 濱 寛"
    assert notice.subject == "訪問診療等におけるマイナ資格確認アプリの利用開始について"
    assert [(one.label, bool(one.enclosed), bool(one.text), bool(one.url)) for one in notice.attachments.all()] == [
        ("別添1", True, False, False),
        ("別添2", False, True, False),
        ("参考", False, False, True),
    ]
    assert Relation.objects.get(kind="follows_up").cited_number == "6福薬業発第303号"


@beside_shared
def test_the_real_packet_without_its_first_letter_is_enclosed(cast: Cast):
    text = REAL_PACKET.read_text()
    packet = received(cast, text[text.index("日 薬 業 発 第 255 号") :])
    notice = take_in.register(packet, actor(cast))
    assert notice.attachments.first().enclosed.number_text == "日薬業発第255号"
    assert notice.subject.startswith("訪問診療等におけるマイナ資格確認アプリの利用開始について")
