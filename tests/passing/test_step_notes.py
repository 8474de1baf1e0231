"""補足 of a step reaches the copies of the step in districts' letters, whoever writes it from where."""

from django.urls import reverse

from members.history import NOBODY
from notices.models import HelpRequest, StepNote
from notices.models.receipt import Via
from notices.tracking import confirming, helping, step_notes
from tests.boards.reading import text_of
from tests.passing.conftest import Way

NOTE = "先に手順 3 を終えてください。"
SAID = {"actor": NOBODY, "via": Via.PERSONAL}


def test_a_note_beside_a_step_shows_in_every_letter_that_passes_the_notice_on(way: Way):
    letters = [way.pass_on(), way.pass_on("other_chair")]
    step = way.release.notice.steps.get(position=5)
    [copy, other] = (letter.notice.steps.get(position=5) for letter in letters)
    receipt = way.receipt(way.cast.pharmacies[0], letters[0])
    confirming.confirm(receipt.pk, **SAID)
    asked = helping.ask(receipt.pk, copy.pk, "選べません", **SAID)
    staff, pharmacy = way.cast.client("staff"), way.cast.client("pharmacy")
    where = reverse("notices:step_note", args=[copy.pk])
    assert "選べません" in text_of(staff.get(reverse("notices:step_note", args=[step.pk])))
    assert "選べません" in text_of(staff.get(where))
    # Written where the pharmacy of one district asked, it stands beside the notice's own step, for all.
    assert "1 件の相談にも" in text_of(staff.post(where, {"text": NOTE, "answer": "on"}, follow=True))
    assert [note.step for note in StepNote.objects.all()] == [step]
    assert HelpRequest.objects.get(pk=asked.pk).answer == NOTE
    found = StepNote.objects.beside([step, copy, other, letters[1].notice.steps.get(position=4)])
    assert {key: note.text for key, note in found.items()} == dict.fromkeys([step.pk, copy.pk, other.pk], NOTE)
    assert step_notes.everywhere(step).count() == 3
    for client, page in (
        (pharmacy, reverse("notices:own_receipt", args=[receipt.pk])),
        (pharmacy, reverse("notices:own_receipt_help", args=[receipt.pk])),
        (staff, reverse("notices:help_request", args=[asked.pk])),
        (staff, reverse("notices:help_requests")),
        (staff, reverse("notices:notice", args=[way.release.notice_id])),
        (staff, where),
    ):
        shown = text_of(client.get(page))
        assert NOTE in shown or "補足を直す" in shown, page
    assert "補足を消しました。" in text_of(staff.post(where, {"do": "remove"}, follow=True))
    assert "県薬剤師会からの補足" not in text_of(pharmacy.get(reverse("notices:own_receipt", args=[receipt.pk])))
