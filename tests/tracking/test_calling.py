"""電話済 and 代理確認: one tap each beside the telephone number."""

import re

from django.urls import reverse
from django.utils.html import strip_tags

from members import history
from members.history import NOBODY
from members.models import Event, Organisation
from notices.boards import progress
from notices.models import OnBehalf, Receipt
from notices.models.receipt import Via
from notices.templatetags import screen
from notices.tracking import calling
from notices.tracking.calling import Way
from notices.tracking.on_behalf import UNNAMED
from tests.boards.reading import text_of
from tests.cast import Cast


def press(cast: Cast, receipt: Receipt, button: str) -> str:
    """The chair presses it on the desk; gives the text of the page to which that leads back."""
    desk = reverse("notices:district_receipt", args=[cast.receipt(receipt.release, cast.shirasagi).pk])
    where = reverse(f"notices:receipt_{button}", args=[receipt.pk])
    return text_of(cast.client("chair").post(f"{where}?next={desk}%3Fshow=all", follow=True))


def test_a_call_is_noted_once_with_its_time_and_counts_as_nothing(cast: Cast, receipt: Receipt):
    before = progress.totals(receipt.release)
    for _ in range(2):
        text = press(cast, receipt, "called")
    (event,) = history.of(receipt).filter(verb="receipt.called")
    assert (event.organisation, event.capacity) == (receipt.organisation, cast.capacities["chair"])
    assert "白鷺中央薬局に電話したことを残しました。" in text
    assert f"電話済 {screen.desk_time(event.at)}" in text
    assert progress.totals(receipt.release) == before


def test_the_row_alone_comes_back_with_the_figures_so_that_nobody_loses_the_place(cast: Cast, receipt: Receipt):
    """A page without a script leads back to the row."""
    desk = reverse("notices:district_receipt", args=[cast.receipt(receipt.release, cast.shirasagi).pk])
    there, chair = f"{reverse('notices:receipt_confirmed', args=[receipt.pk])}?next={desk}", cast.client("chair")
    part = chair.post(there, headers={"HX-Request": "true"})
    html = part.content.decode()
    text = " ".join(strip_tags(html).split())
    assert "「確認」を、代理で記録しました。" in text and "確認 1 / 3" in text
    assert re.search(r'<span id="shown-number" hx-swap-oob="innerHTML">2</span>', html), "as its tab has it"
    assert html.count('class="call') == 1 and "<main" not in html
    assert "代理で記録しました。" not in text_of(chair.get(desk)), "it was told"
    undo = re.search(r'hx-post="([^"]+/undo/[^"]*)"', html)[1]
    undone = " ".join(strip_tags(chair.post(undo, headers={"HX-Request": "true"}).content.decode()).split())
    assert "代理の記録を取り消しました。" in undone and "確認 0 / 3" in undone
    assert chair.post(there).headers["Location"] == f"{desk}#call-{receipt.pk}"


def test_a_fax_is_noted_beside_a_call_where_there_is_a_number(cast: Cast, receipt: Receipt):
    assert press(cast, receipt, "called").count("FAX済") == 1  # where the words are explained
    Organisation.objects.filter(pk=receipt.organisation_id).update(fax="092-000-0199")
    text = press(cast, receipt, "faxed")
    assert "白鷺中央薬局に FAX を送ったことを残しました。" in text and "FAX済を取り消す" in text
    assert [call.way for call in calling.last_calls([receipt])[receipt.pk]] == [Way.TELEPHONE, Way.FAX]


def test_whom_nobody_has_called_yet_stands_above_whoever_was(cast: Cast, receipt: Receipt):
    desk = reverse("notices:district_receipt", args=[cast.receipt(receipt.release, cast.shirasagi).pk])

    def listed(show: str) -> list[str]:
        page = cast.client("chair").get(f"{desk}?show={show}")
        return [row.pharmacy.organisation.name for row in page.context["rows"]]

    first, second, third = before = listed("unconfirmed")
    for name in (first, second):
        calling.note_call(Receipt.objects.get(release=receipt.release, organisation__name=name).pk, actor=NOBODY)
    assert listed("unconfirmed") == [third, first, second]
    assert listed("all") == before, "the list of all keeps its order"


def test_a_call_noted_by_mistake_is_taken_back_by_a_line_of_its_own(cast: Cast, receipt: Receipt):
    assert "電話済を取り消す" in press(cast, receipt, "called")
    text = press(cast, receipt, "called_undo")
    assert "白鷺中央薬局の「電話済」を取り消しました。" in text and "電話済を取り消す" not in text
    press(cast, receipt, "called_undo")
    verbs = ["receipt.called", "receipt.called_taken_back"]
    assert list(history.of(receipt).order_by("pk").values_list("verb", flat=True))[-2:] == verbs
    press(cast, receipt, "called")  # within the same minute, but the one before does not stand
    assert len(calling.last_calls([receipt])[receipt.pk]) == 1


def test_a_confirmation_on_the_telephone_is_one_tap_and_may_be_undone(cast: Cast, receipt: Receipt):
    text = press(cast, receipt, "confirmed")
    made = OnBehalf.objects.get()
    assert (made.what, made.via, made.person) == ("confirmed", Via.TELEPHONE, UNNAMED)
    assert "白鷺中央薬局の「確認」を、代理で記録しました。" in text and "取り消す" in text
    assert "間違えたときは、30 分以内なら取り消せます。" in text
    assert "もう記録されています。" in press(cast, receipt, "confirmed")
    assert OnBehalf.objects.count() == 1


def test_nothing_is_noted_of_a_superseded_notice(cast: Cast, receipt: Receipt):
    cast.supersede(receipt.release, cast.released("訂正した通知"))
    for button in ("called", "confirmed"):
        assert "今の操作は記録していません。" in press(cast, receipt, button)
    assert not Event.objects.filter(verb="receipt.called").exists()
    assert not OnBehalf.objects.exists()
