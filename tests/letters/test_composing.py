"""Drafts: what they begin with, what may change, and how they are given up."""

import threading
from contextlib import suppress

import pytest
from django.db import connections

from members.history import NOBODY, Actor
from members.models import Event, Officer, Organisation
from notices.letters import composing, guide, numbering, wording
from notices.models import DocumentNumber, Notice, NoticeIssuer, Packet, Relation, Release, Step


def received(cast, issuer, text: str = "", subject: str = "残薬調整について") -> Notice:
    notice = Notice.objects.create(state=Notice.State.RECEIVED, subject=subject, date="2024-10-08", body="本文")
    NoticeIssuer.objects.create(notice=notice, organisation=issuer, title="副会長", name="𠮷岡 進")
    if text:
        DocumentNumber.objects.create(
            notice=notice, issuer=issuer, text=text, series="日薬業発", fiscal_year=2024, serial=255
        )
    return Notice.objects.get(pk=notice.pk)


@pytest.fixture
def national(cast):
    return Organisation.objects.create(kind="issuer", name="日本薬剤師会")


@pytest.fixture
def top(cast, national) -> Notice:
    notice = received(cast, national, "日薬業発第255号")
    ministry = Notice.objects.create(state=Notice.State.RECEIVED, subject="残薬調整について（周知）")
    ministry.attachments.create(position=1, label="参考", title="ポータルサイト", url="https://portal.example/")
    Relation.objects.create(source=notice, kind="encloses", target=ministry)
    return notice


@pytest.fixture
def staff(cast) -> Actor:
    return Actor(cast.capacities["staff"].account, cast.capacities["staff"])


def letter_fields(notice: Notice, **changes: object) -> dict:
    issuer = notice.issuers.first()
    fields = {
        name: getattr(notice, name) for name in ("addressees", "honorific", "subject", "body", "items", "contact")
    }
    return fields | {"number": "", "signatory": (issuer.title, issuer.name)} | changes


def test_a_letter_from_elsewhere_becomes_the_first_enclosure_of_a_new_one(cast, top, staff):
    draft = composing.draft_from(top, staff)
    assert draft.state == Notice.State.DRAFT
    assert [(each.label, each.title, each.enclosed, each.url) for each in draft.attachments.all()] == [
        ("別添1", "残薬調整について", top, ""),
        ("参考", "ポータルサイト", None, "https://portal.example/"),
    ]
    assert [(relation.kind, relation.target) for relation in draft.relations.all()] == [("encloses", top)]
    assert "日本薬剤師会から令和6年10月8日付け日薬業発第255号により別添1のとおり連絡がありました" in draft.body
    assert (draft.addressees, draft.honorific) == (["各地区薬剤師会会長"], "殿")
    issuer = draft.issuers.get()
    assert (issuer.organisation.name, issuer.title, issuer.name) == (
        "公益社団法人福岡県薬剤師会",
        "常務理事",
        "濵﨑 航",
    )
    assert draft.number_text == ""
    assert draft.release.covering_chairs and draft.release.covering_pharmacies
    assert Event.objects.first().verb == "notice.drafted"


@pytest.mark.parametrize(
    ("organisation", "title", "named"),
    [
        ("福岡県保健医療介護部", "薬務課長", "福岡県保健医療介護部薬務課長から"),
        ("岐阜県衛生部", "部長", "岐阜県衛生部長から"),
        ("厚生労働省医薬局総務課", "", "厚生労働省医薬局総務課から"),
        ("福岡県", "知事", "福岡県知事から"),
        ("公益社団法人日本薬剤師会", "会長", "公益社団法人日本薬剤師会から"),
    ],
)
def test_a_draft_names_the_office_that_issued_what_it_passes_on(cast, staff, organisation, title, named):
    issuer = Organisation.objects.create(kind="issuer", name=organisation)
    notice = received(cast, issuer, "8薬第1873号")
    notice.issuers.update(title=title)
    assert f"標記について、{named}令和6年10月8日付け" in composing.draft_from(notice, staff).body


def test_a_second_draft_for_the_same_letter_is_not_made(top, staff):
    draft = composing.draft_from(top, staff)
    with pytest.raises(composing.AlreadyADraft) as again:
        composing.draft_from(top, staff)
    assert again.value.draft == draft


def test_the_associations_own_letter_is_the_notice_to_issue_itself(cast, staff):
    own = received(cast, cast.association, "6福薬業発第337号")
    draft = composing.draft_from(own, staff)
    assert (draft, draft.state, draft.number_fixed) == (own, Notice.State.DRAFT, True)
    assert draft.release.state == Release.State.PREPARED


def test_what_somebody_has_just_taken_up_is_not_taken_up_again(cast, staff):
    own = received(cast, cast.association, "6福薬業発第337号")
    seen_before = Notice.objects.get(pk=own.pk)
    cast.approved(composing.draft_from(own, staff))
    with pytest.raises(composing.AlreadyADraft):
        composing.draft_from(seen_before, cast.actor("administrator"))
    assert Notice.objects.get(pk=own.pk).approval.is_given


def test_the_text_of_a_packets_letter_stays_as_it_came(cast, staff):
    draft = composing.draft_from(received(cast, cast.association, "6福薬業発第337号"), staff)
    composing.change(draft.pk, staff, letter=letter_fields(draft, body="別の文"), plan={"who": "在宅対応の薬局"})
    draft.refresh_from_db()
    assert draft.body == "本文"
    assert draft.release.who == "在宅対応の薬局"


def test_a_change_keeps_what_was_typed_to_the_byte_and_records_what_changed(cast, staff):
    draft = composing.draft_own("研修会について", staff)
    typed = letter_fields(draft, body="髙﨑 𠮷 神\ufa19\n二行目", signatory=("会長", "栁 武志"))
    composing.change(draft.pk, staff, letter=typed, plan={"ask": Release.Ask.INFORM})
    draft.refresh_from_db()
    assert draft.body == "髙﨑 𠮷 神\ufa19\n二行目"
    assert (draft.issuers.get().title, draft.issuers.get().name) == ("会長", "栁 武志")
    assert Event.objects.first().detail == {"fields": ["body", "title", "name", "ask"]}


def test_saving_without_a_change_records_nothing(cast, staff):
    draft = composing.draft_own("研修会について", staff)
    before = Event.objects.count()
    composing.change(draft.pk, staff, letter=letter_fields(draft), plan={"ask": Release.Ask.CONFIRM})
    assert Event.objects.count() == before


def test_numbers_in_the_body_are_linked_to_the_archive(cast, staff, top):
    draft = composing.draft_own("研修会について", staff)
    body = "日薬業発第255号と6福薬業発第303号にてお知らせしたところですが、法律第145号により"
    for _ in range(2):
        composing.change(draft.pk, staff, letter=letter_fields(draft, body=body), plan={})
        cited = draft.relations.filter(kind="cites")
        assert [(relation.target, relation.cited_number) for relation in cited] == [
            (top, "日薬業発第255号"),
            (None, "6福薬業発第303号"),
        ]
    Relation.objects.create(source=draft, kind="encloses", target=top)
    composing.change(draft.pk, staff, letter=letter_fields(draft, body=f"{body}、"), plan={})
    assert [each.kind for each in draft.relations.filter(target=top)] == ["encloses"], "what is enclosed stands once"


def test_a_released_notice_is_not_changed(cast, staff):
    notice = cast.released().notice
    with pytest.raises(composing.NotADraft):
        composing.change(notice.pk, staff, letter=letter_fields(notice), plan={"who": "誰でも"})


def test_a_discarded_draft_is_gone_and_its_enclosure_stays(top, staff):
    draft = composing.draft_from(top, staff)
    assert composing.discard(draft.pk, staff) is True
    assert not Notice.objects.filter(pk=draft.pk).exists()
    assert Notice.objects.filter(pk=top.pk).exists()
    assert Event.objects.first().verb == "notice.discarded"


def test_who_cites_a_discarded_draft_goes_on_naming_its_number(cast, staff):
    cited, citing = (composing.draft_own(subject, staff) for subject in ("研修会について", "研修会の日程について"))
    number = numbering.claim(cited, cast.association, "福薬業発第500号").text
    composing.change(citing.pk, staff, letter=letter_fields(citing, body=f"{number}のとおり"), plan={})
    assert citing.relations.get().target == cited
    composing.discard(cited.pk, staff)
    relation = citing.relations.get()
    assert (relation.target, relation.cited_number) == (None, number)


def test_a_packets_letter_goes_back_among_the_received_and_may_be_taken_up_again(cast, staff):
    own = received(cast, cast.association, "6福薬業発第337号")
    own.packet = Packet.objects.create(fingerprint="a", receipt_number="1", text="…", reading={"letters": []})
    own.packet_order = 0
    own.save()
    draft = composing.draft_from(own, staff)
    assert composing.discard(draft.pk, staff) is False
    own.refresh_from_db()
    assert (own.state, own.number_text) == (Notice.State.RECEIVED, "6福薬業発第337号")
    assert not Release.objects.filter(notice=own).exists()
    assert composing.draft_from(own, staff).number_fixed


def test_the_officers_in_office_may_sign_the_usual_one_first(cast):
    Officer.objects.create(organisation=cast.association, office="chair", name="栁 武志")
    Officer.objects.create(organisation=cast.association, office="executive", name="前 任者", until="2020-03-31")
    Officer.objects.create(organisation=cast.association, office="secretariat", name="髙﨑 美緒")
    assert composing.signatories(cast.association) == [("常務理事", "濵﨑 航"), ("会長", "栁 武志")]


def test_a_usual_covering_text_is_known_as_such(db):
    for ask in Release.Ask:
        assert wording.is_usual(wording.for_pharmacies(ask).replace("\n", "\r\n"))
    assert not wording.is_usual("よろしくお願いします。")


def test_lines_become_steps_with_hints_and_marked_secrets():
    text = "1. ログインする\n\n② 更新する｜「OK」を押す\n・初期パスワードを紙に控える | 書かないでください\n"
    assert guide.read_lines(text, "pc") == [
        guide.StepLine("ログインする"),
        guide.StepLine("更新する", hint="「OK」を押す"),
        guide.StepLine("初期パスワードを紙に控える", hint="書かないでください", holds_secret=True),
    ]


def test_steps_are_arranged_by_group_and_keep_their_rows(cast):
    draft = composing.draft_own("アプリの設定", NOBODY)
    lines = [*guide.read_lines("端末を開く", "device"), *guide.read_lines("ログインする\n更新する", "pc")]
    guide.arrange(draft.pk, lines, NOBODY)
    first, second, third = draft.steps.all()
    assert [(step.position, step.group, step.title) for step in (first, second, third)] == [
        (1, "pc", "ログインする"),
        (2, "pc", "更新する"),
        (3, "device", "端末を開く"),
    ]
    again = [
        guide.StepLine("端末を開く", "device", device="ios", id=third.pk),
        guide.StepLine("更新する", device="ios", id=second.pk),
        guide.StepLine("案内のページ", "reference"),
    ]
    guide.arrange(draft.pk, again, NOBODY)
    assert [(step.pk, step.position, step.device) for step in draft.steps.all()][:2] == [
        (second.pk, 1, ""),
        (third.pk, 2, "ios"),
    ]
    assert [step.ticked for step in draft.steps.all()] == [True, True, False]
    assert not Step.objects.filter(pk=first.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_people_at_once_take_up_a_letter_once(top, staff):
    together = threading.Barrier(4)

    def take_up() -> None:
        together.wait()
        with suppress(composing.AlreadyADraft):
            composing.draft_from(top, staff)
        connections.close_all()

    threads = [threading.Thread(target=take_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Notice.objects.filter(state=Notice.State.DRAFT).count() == 1
