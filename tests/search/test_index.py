"""What is searched keeps up with what is written: after every step it is what it would be if it were made anew."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from members.history import Actor
from notices.letters import composing, correcting, enclosures, guide
from notices.letters.guide import StepLine
from notices.models import Attachment, Entry, Notice, Packet, Passage, Reader, Release, StoredFile
from notices.procedures import issue, take_in
from notices.search import files, index
from notices.search.finding import Scope, find, latest_first
from notices.search.words import words_of
from tests.cast import Cast
from tests.intake_site.office import OWN, WITHOUT_FIRST, actor

pytestmark = pytest.mark.django_db


def standing() -> dict[tuple, tuple]:
    """Everything that is searched, by whose it is."""
    return {
        (entry.notice_id, entry.packet_id, entry.reader): (
            entry.head,
            entry.date,
            sorted(entry.passages.values_list("kind", "page", "text", "folded")),
        )
        for entry in Entry.objects.all()
    }


def is_up_to_date() -> bool:
    before = standing()
    for _ in index.rebuild():
        pass
    return before == standing()


def found(typed: str, reader: Reader = Reader.STAFF) -> set[int]:
    return set(
        find(
            words_of(typed), Scope(Entry.objects.filter(reader=reader, packet=None)), latest_first
        ).entries.values_list("notice", flat=True)
    )


def packets_with(typed: str) -> set[int]:
    scope = Scope(Entry.objects.exclude(packet=None))
    return set(find(words_of(typed), scope, latest_first).entries.values_list("packet", flat=True))


@pytest.fixture
def staff(cast: Cast) -> Actor:
    return actor(cast)


def test_what_has_changed_is_found_by_its_own_name(cast: Cast):
    draft = composing.draft_own("在宅の届出について", cast.actor("staff"))
    Release.objects.filter(notice=draft).update(changed="期限を改めました。")
    index.renew(draft.pk)
    assert draft.passages.get(text__contains="期限を改めました").get_kind_display() == "変わったところ"


def test_a_packet_is_found_by_its_text_and_its_letters_once_they_are_registered(cast: Cast, staff: Actor):
    packet = take_in.receive(WITHOUT_FIRST.encode(), "packet.txt", staff)
    assert packets_with("日薬業発") == packets_with(f"収受 {packet.receipt_number}".split()[1]) == {packet.pk}
    assert found("日薬業発") == set()
    letters = packet.kept["letters"]
    packet = take_in.correct(packet, {0: letters[0] | {"subject": "改められた件名について"}}, staff)
    assert packets_with("改められた件名") == {packet.pk} and is_up_to_date()
    notice = take_in.register(take_in.accept(packet, staff), staff)
    assert notice.state == Notice.State.DRAFT and is_up_to_date()
    assert len(found("改められた件名")) == 2, "the letter, and the draft that passes it on"


def test_a_draft_is_found_by_what_it_says_now(cast: Cast, staff: Actor):
    notice = composing.draft_own("年末年始の連絡体制について", staff)
    assert found("年末年始") == {notice.pk} and is_up_to_date()
    plan = {"covering_pharmacies": "お電話でお知らせください"}
    issuer = notice.issuers.get()
    letter = {"subject": "盆休みの連絡体制について", "number": "", "signatory": (issuer.title, issuer.name)}
    composing.change(notice.pk, staff, letter=letter, plan=plan)
    assert found("年末年始") == set() and found("盆休み お電話で") == {notice.pk} and is_up_to_date()
    guide.arrange(notice.pk, [StepLine("台帳に書き写す", hint="鉛筆でよい")], staff)
    assert found("書き写す 鉛筆") == {notice.pk} and is_up_to_date()
    attached = enclosures.add(notice.pk, "参考", "当番表のひな形", url="https://portal.example/table")
    assert found("当番表 portal.example") == {notice.pk} and is_up_to_date()
    enclosures.add(notice.pk, "別紙", "連絡網")
    enclosures.move(notice.pk, attached.pk, 1)
    assert is_up_to_date()
    enclosures.remove(notice.pk, attached.pk)
    assert found("当番表") == set() and found("連絡網") == {notice.pk} and is_up_to_date()
    assert composing.discard(notice.pk, staff)
    assert found("盆休み") == set() and not Entry.objects.exists() and not Passage.objects.exists()


def test_a_letter_of_a_packet_that_is_given_up_stays_found_as_received(cast: Cast, staff: Actor):
    notice = take_in.register(take_in.accept(take_in.receive(OWN.encode(), "packet.txt", staff), staff), staff)
    guide.arrange(notice.pk, [StepLine("台帳に書き写す")], staff)
    composing.discard(notice.pk, staff)
    assert notice.pk in found("福薬業発第412号") and is_up_to_date()


def test_a_release_is_found_by_its_number_and_by_each_reader_in_what_that_reader_got(cast: Cast, staff: Actor):
    notice = take_in.register(take_in.accept(take_in.receive(WITHOUT_FIRST.encode(), "p.txt", staff), staff), staff)
    guide.arrange(notice.pk, [StepLine("鉛筆で書き写す")], staff)
    texts = {"covering_chairs": "会長様だけに申します", "covering_pharmacies": "薬局だけに申します"}
    Release.objects.filter(notice=notice).update(**texts, ask=Release.Ask.SET_UP)
    issue.release(cast.approved(notice).pk, staff)
    notice.refresh_from_db()
    assert is_up_to_date()
    number = notice.number_text
    for reader in Reader:
        assert found(number, reader) == {notice.pk}
        assert notice.pk in found("日薬業発", reader), "through the letter that is enclosed"
    only = {"会長様だけに": Reader.DISTRICT, "薬局だけに": Reader.PHARMACY, "鉛筆で書き写す": Reader.PHARMACY}
    for typed, reader in only.items():
        assert {each for each in Reader if found(typed, each)} == {Reader.STAFF, reader}, typed
    assert {entry.reader for entry in Entry.objects.exclude(notice=notice)} == {Reader.STAFF}
    correction = correcting.draft_correction(notice.pk, staff)
    assert correction.pk in found("訂正") and is_up_to_date()


def test_where_no_set_up_is_asked_pharmacies_find_nothing_by_steps(cast: Cast):
    release = cast.released(ask=Release.Ask.CONFIRM)
    release.notice.steps.create(position=1, title="鉛筆で書き写す")
    index.renew(release.notice.pk)
    assert found("鉛筆で書き写す") == {release.notice.pk}
    assert found("鉛筆で書き写す", Reader.PHARMACY) == set()


def test_what_says_nothing_any_more_is_not_found_by_what_it_said():
    notice = Notice.objects.create(state=Notice.State.RECEIVED, subject="訪問", kind="")
    index.renew(notice.pk)
    assert found("訪問") == {notice.pk}
    notice.subject = "※"
    notice.save()
    index.renew(notice.pk)
    assert found("訪問") == set() and Entry.objects.get(notice=notice)


def test_letters_enclosed_in_each_other_end_somewhere(cast: Cast):
    one, other = cast.released("一つめの通知").notice, cast.released("二つめの通知").notice
    for position, (outer, inner) in enumerate([(one, other), (other, one)], start=2):
        Attachment.objects.create(notice=outer, position=position, label="別添1", title="写し", enclosed=inner)
    index.renew(one.pk)
    assert found("1つめの通知", Reader.PHARMACY) == {one.pk, other.pk}


def test_what_is_taken_back_was_never_there(cast: Cast, staff: Actor):
    kept = composing.draft_own("残る件名について", staff)
    with pytest.raises(RuntimeError), transaction.atomic():
        composing.draft_own("消える件名について", staff)
        enclosures.add(kept.pk, "参考", "消える参考")
        assert len(found("消える")) == 2
        raise RuntimeError
    assert found("消える") == set() and found("残る件名") == {kept.pk}


def test_reindex_makes_everything_anew(cast: Cast, staff: Actor, capsys: pytest.CaptureFixture[str]):
    notice = take_in.register(take_in.accept(take_in.receive(OWN.encode(), "packet.txt", staff), staff), staff)
    before = standing()
    Entry.objects.all().delete()
    Passage.objects.all().delete()
    assert found("福薬業発第412号") == set()
    call_command("reindex")
    assert standing() == before and notice.pk in found("福薬業発第412号")
    done = Notice.objects.count() + Packet.objects.count()
    assert f"{done} notices and packets can be found again." in capsys.readouterr().out


def test_what_is_missing_is_made_by_the_sweep(cast: Cast, staff: Actor):
    packet = take_in.receive(OWN.encode(), "packet.txt", staff)
    notice = cast.draft("取り込んだだけの通知")
    Entry.objects.all().delete()
    assert index.catch_up() is False
    assert found("取り込んだだけ") == {notice.pk} and packets_with("福薬業発第412号") == {packet.pk}
    draft = Notice.objects.get(pk=notice.pk)
    assert draft.changed_at == notice.changed_at


def test_a_date_is_found_as_it_stands_in_the_letter(cast: Cast):
    notice = cast.draft("日付のある通知")
    notice.date = dt.date(2024, 10, 30)
    notice.save()
    index.renew(notice.pk)
    for typed in ("令和6年10月30日", "令 和 ６ 年 １０ 月 ３０ 日", "令和六年10月"):
        assert found(typed) == {notice.pk}


def test_a_nul_in_a_text_is_no_obstacle(cast: Cast):
    draft = cast.draft()
    assert [each.text for each in files.texts.of_file(0, ["訪\0問", "\0"], numbered=True)] == ["訪問"]
    assert StoredFile.objects.count() == 0 and draft.pk


def test_between_two_of_many_others_have_their_turn_to_write(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """While an archive was made anew on SQLite, whoever signed in was refused after 20 s."""
    rests: list[float] = []
    monkeypatch.setattr(index, "sleep", rests.append)
    made = [cast.draft().pk, cast.draft().pk]
    assert list(index.rebuild()) == [1, 2]
    Entry.objects.filter(notice__in=made).delete()
    index.catch_up()
    assert [rest > 0 for rest in rests] == [True] * (4 if connection.vendor == "sqlite" else 0)
