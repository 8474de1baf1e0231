"""Two people at one letter of a packet: nobody undoes unseen what the other did."""

from django.test import Client

from notices.intake import kept
from notices.models import Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import parts_of, shown, typed
from tests.intake_site.office import DOUBTFUL, actor, received


def test_the_second_is_told_what_the_first_changed_and_decides(cast: Cast, staff: Client):
    address = f"/packets/{received(cast).pk}/"
    other = cast.client("administrator")
    first, second = staff.get(address), other.get(address)
    staff.post(address, typed(first, do="save", subject="一人目の件名", date="R6.12.12"))
    page = other.post(address, typed(second, do="register", contact="二人目の連絡先"))
    packet = Packet.objects.get()
    assert (packet.letters[0]["subject"], packet.state) == ("一人目の件名", Packet.State.DOUBTFUL)
    text = shown(page)
    assert "まだ保存していません。開いたあとに、ほかの人がこの文書を直しました" in text
    assert "日付（いまは「令和6年12月12日」）、件名（いまは「一人目の件名」）、問い合わせ先" in text
    values = {field.html_name: field.value() for part in parts_of(page) for field in part}
    assert (values["contact"], values["date"]) == ("二人目の連絡先", "令和6年12月11日")
    other.post(address, typed(page, do="save"))
    packet.refresh_from_db()
    assert (packet.letters[0]["contact"], packet.letters[0]["date"]) == ("二人目の連絡先", "2024-12-11")


def test_over_rows_that_moved_nothing_is_saved(cast: Cast, staff: Client):
    address = f"/packets/{received(cast).pk}/"
    other = cast.client("administrator")
    second = other.get(address)
    gone = {"attachments-0-label": "", "attachments-0-title": "", "attachments-0-letter": ""}
    staff.post(address, typed(staff.get(address), do="save") | gone)
    page = other.post(address, typed(second, do="save", subject="二人目の件名"))
    assert "行が入れ替わったため、この画面からは保存できません" in shown(page)
    assert "行が入れ替わったため" in shown(other.post(address, typed(page, do="save")))
    letter = Packet.objects.get().letters[0]
    assert letter["subject"] != "二人目の件名"
    assert [row["label"] for row in letter["attachments"]] == ["別添2", "参考"]


def test_the_same_form_twice_is_no_conflict_and_a_settled_doubt_stays_settled(cast: Cast, staff: Client):
    packet = received(cast, DOUBTFUL)
    address = f"/packets/{packet.pk}/"
    sent = typed(staff.get(address), do="save", subject="直した件名")
    stale = Packet.objects.get().letters[0] | {"contact": "あとから"}
    assert [staff.post(address, sent).status_code for _ in range(2)] == [302, 302]
    take_in.accept(packet, actor(cast))
    packet = take_in.correct(packet, {0: stale}, actor(cast))
    assert kept.count_doubts(packet.kept) == 0
