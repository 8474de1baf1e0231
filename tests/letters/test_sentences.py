"""定型文: the association writes the usual sentences in its own words, and new drafts begin with them."""

import pytest
from django.test import Client
from django.urls import reverse

from members.history import NOBODY
from notices.letters import composing, correcting, sentences, wording
from notices.letters.sentences import NotASentence
from notices.models import Notice, Relation, Release, Sentence
from tests.cast import Cast
from tests.letters.browser import shown


def page(key: str, name: str = "sentence") -> str:
    return reverse(f"notices:{name}", args=[key])


@pytest.fixture
def national(db) -> Notice:
    """A letter that arrived, of which the association told once before."""
    return Notice.objects.create(state="received", subject="残薬調整について", body="お知らせします。")


def passed_on_before(cast: Cast, top: Notice) -> Notice:
    """A released letter of the association that passed on what `top` cites."""
    cited = Notice.objects.create(state="received", subject="前の文書")
    own = cast.released("前のお知らせ").notice
    Relation.objects.create(source=own, kind=Relation.Kind.ENCLOSES, target=cited)
    Relation.objects.create(source=top, kind=Relation.Kind.CITES, target=cited)
    return own


def test_a_draft_begins_with_the_associations_words(cast: Cast, national: Notice):
    sentences.change("notify_opening", "時下ますますご清栄のこととお慶び申し上げます。", NOBODY)
    sentences.change("notify_request", "{発出者}から別添1のとおり依頼がありました。", NOBODY)
    sentences.change("contact", "（担当）{団体名} 業務課\n{電話とFAX}", NOBODY)
    draft = composing.draft_enclosing(national, NOBODY)
    opening, request, closing = draft.body.splitlines()
    assert opening.startswith("時下ますます") and request == "関係機関から別添1のとおり依頼がありました。"
    assert closing == sentences.CLOSING
    assert draft.contact == "（担当）公益社団法人福岡県薬剤師会 業務課\n電話 092-000-0001"


def test_a_letter_that_reminds_of_an_earlier_one_names_it_and_is_related_to_it(cast: Cast, national: Notice):
    earlier = passed_on_before(cast, national)
    draft = composing.draft_enclosing(national, NOBODY)
    request = draft.body.splitlines()[1]
    assert f"{earlier.number_text}「前のお知らせ」によりお知らせしたところですが" in request and "改めて" in request
    assert draft.relations.get(kind=Relation.Kind.FOLLOWS_UP).target == earlier


def test_what_nobody_told_before_is_no_reminder(cast: Cast, national: Notice):
    cited = Notice.objects.create(state="received", subject="前の文書")
    Relation.objects.create(source=national, kind=Relation.Kind.CITES, target=cited)
    assert composing.earlier_letter(national) is None
    assert "改めて" not in composing.draft_enclosing(national, NOBODY).body


def test_a_correction_and_a_withdrawal_speak_in_the_associations_words(cast: Cast):
    old = cast.released().notice
    sentences.change("correct_request", "{前の文書}に誤りがありました。この文書をご覧ください。", NOBODY)
    sentences.change("withdraw_request", "{前の文書}は取りやめます。", NOBODY)
    correction = correcting.draft_correction(old.pk, NOBODY)
    assert "に誤りがありました。この文書をご覧ください。" in correction.body
    composing.discard(correction.pk, NOBODY)
    withdrawal = correcting.draft_withdrawal(old.pk, NOBODY)
    assert "は取りやめます。" in withdrawal.body and old.number_text in withdrawal.body


def test_the_sentence_of_an_earlier_correction_is_left_out_whoever_wrote_it(cast: Cast):
    old = cast.released().notice
    sentences.change("correct_request", "{前の文書}に誤りがありました。この文書をご覧ください。", NOBODY)
    old.body = f"平素よりお世話になります。\n{old.subject}に誤りがありました。この文書をご覧ください。\n本題です。"
    assert wording.body_correcting(old).count("誤りがありました") == 1
    assert wording.body_correcting(old).endswith("本題です。")


def test_covering_texts_begin_and_follow_the_ask_in_the_associations_words(cast: Cast, national: Notice):
    sentences.change("covering_confirm", "お読みください。", NOBODY)
    plan = composing.draft_enclosing(national, NOBODY).release
    assert plan.covering_pharmacies == "お読みください。"
    assert wording.is_usual("お読みください。") and wording.is_usual(sentences.USUAL["covering_confirm"].text)
    assert wording.for_pharmacies(Release.Ask.CONFIRM) == "お読みください。"


@pytest.mark.parametrize(
    ("key", "written", "says"),
    [
        ("notify_request", "{発信者}から連絡がありました。", "{発信者} は、この文では使えません"),
        ("notify_closing", "{発出者}へお知らせください。", "使えるもの：ありません"),
        ("notify_request", "{発出者から連絡がありました。", "囲むためだけに使えます"),
        ("correct_request", "誤りがありましたので訂正いたします。", "{前の文書} がありません"),
        ("notify_request", "  \n", "文が空です"),
        ("notify_closing", "あ" * 2001, "2,000 字まで"),
    ],
)
def test_what_no_letter_could_show_is_refused_with_the_reason(db, key: str, written: str, says: str):
    with pytest.raises(NotASentence, match=says):
        sentences.change(key, written, NOBODY)
    assert not Sentence.objects.exists()


def test_an_opening_may_be_left_out(cast: Cast, national: Notice):
    sentences.change("notify_opening", "", NOBODY)
    assert composing.draft_enclosing(national, NOBODY).body.startswith("標記について")


def test_the_sites_own_sentence_written_again_is_no_change_of_it(db):
    sentences.change("notify_closing", "ご周知ください。", NOBODY)
    sentences.change("notify_closing", sentences.CLOSING, NOBODY)
    assert not Sentence.objects.exists()


def test_every_sentence_of_the_site_passes_its_own_check():
    for key, usual in sentences.USUAL.items():
        assert sentences.checked(key, usual.text) == usual.text


# The pages ------------------------------------------------------------------------------------------------------------


def test_staff_write_a_sentence_anew_see_its_history_and_take_it_back(desk: Client, cast: Cast):
    answer = desk.post(page("notify_closing"), {"text": "ご周知ください。\r\n"}, follow=True)
    assert "これから作る下書きに入ります" in shown(answer)
    assert "ご周知ください。" in shown(desk.get(reverse("notices:sentences")))
    shows = shown(desk.get(page("notify_closing")))
    assert "変更の記録" in shows and "髙﨑 美緒" in shows and "もとの文に戻す" in shows
    desk.post(page("notify_closing"), {"do": "reset"}, follow=True)
    assert not Sentence.objects.exists()
    assert shown(desk.get(page("notify_closing"))).count("もとの文に戻しました") == 1


def test_a_mistake_is_shown_and_what_was_typed_stays(desk: Client):
    shows = shown(desk.post(page("notify_request"), {"text": "{発信者}から。"}))
    assert "この文では使えません" in shows and "{発信者}から。</textarea>" in shows


def test_the_example_fills_the_places_and_shows_the_sentences_around(desk: Client):
    shows = shown(desk.post(page("notify_request", "sentence_preview"), {"text": "{発出者}の件です。"}))
    assert "<mark>日本薬剤師会の件です。</mark>" in shows and sentences.OPENING in shows
    without_script = shown(desk.post(page("notify_request"), {"text": "{発出者}の件です。", "do": "preview"}))
    assert "<mark>日本薬剤師会の件です。</mark>" in without_script
    assert not Sentence.objects.exists()


def test_whoever_does_not_draft_changes_nothing(desk: Client, cast: Cast):
    type(cast.capacities["staff"]).objects.filter(pk=cast.capacities["staff"].pk).update(drafts=False)
    shows = shown(desk.post(page("notify_closing"), {"text": "別の文"}, follow=True))
    assert "何も変えていません" in shows and not Sentence.objects.exists()
