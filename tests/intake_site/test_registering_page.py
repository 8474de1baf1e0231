"""Registering on the page of a packet, and what it shows afterwards."""

from django.test import Client

from notices.models import Notice, Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import shown, typed
from tests.intake_site.office import DOUBTFUL, SAME_NUMBER, WITHOUT_FIRST, actor, received


def test_registering_opens_the_draft(cast: Cast, staff: Client):
    address = f"/packets/{received(cast).pk}/"
    answer = staff.post(address, typed(staff.get(address), do="register", subject="直した件名"))
    draft = Notice.objects.get(state=Notice.State.DRAFT)
    assert (answer.status_code, answer.url) == (302, f"/notices/{draft.pk}/compose/")
    assert draft.subject == "直した件名"
    for name in ("compose", "check"):
        page = shown(staff.get(f"/notices/{draft.pk}/{name}/"))
        assert "直したところ：件名。" in page and "届いた文書のまま" not in page and "そのまま発出します" not in page


def test_only_a_letter_that_nobody_has_mended_is_said_to_go_out_as_it_came(cast: Cast, staff: Client):
    draft = take_in.register(take_in.accept(received(cast, DOUBTFUL), actor(cast)), actor(cast))
    assert "届いた文書をそのまま発出します" in shown(staff.get(f"/notices/{draft.pk}/compose/"))
    assert "番号と日付は届いた文書のままです" in shown(staff.get(f"/notices/{draft.pk}/check/"))


def test_the_packet_without_its_first_letter_opens_a_new_letter(cast: Cast, staff: Client):
    address = f"/packets/{received(cast, WITHOUT_FIRST).pk}/"
    answer = staff.post(address, typed(staff.get(address), do="register"))
    draft = Notice.objects.get(state=Notice.State.DRAFT)
    assert answer.url == f"/notices/{draft.pk}/compose/"
    assert draft.attachments.first().enclosed.number_text == "日薬業発第318号"


def test_sending_the_form_again_gives_the_first_result(cast: Cast, staff: Client):
    address = f"/packets/{received(cast).pk}/"
    sent = typed(staff.get(address), do="register")
    first = staff.post(address, sent)
    again = staff.post(address, sent | {"subject": "あとから変えた件名"})
    assert again.url == first.url
    assert Notice.objects.count() == 3
    assert not Notice.objects.filter(subject="あとから変えた件名").exists()


def test_recording_alone_stays_on_the_packet_which_offers_the_draft(cast: Cast, staff: Client):
    packet = received(cast, WITHOUT_FIRST)
    address = f"/packets/{packet.pk}/"
    page = staff.post(address, typed(staff.get(address), do="record"), follow=True)
    assert page.redirect_chain == [(address, 302)]
    assert "登録済" in shown(page)
    assert "通知を作る" in shown(page)
    assert not Notice.objects.filter(state=Notice.State.DRAFT).exists()
    staff.post(address, {"do": "register"})
    assert "通知の下書きを開く" in shown(staff.get(address))


def test_a_registered_packet_shows_what_was_registered(cast: Cast, staff: Client):
    packet = received(cast)
    take_in.register(packet, actor(cast))
    page = staff.get(f"/packets/{packet.pk}/?letter=2")
    text = shown(page)
    assert "日薬業発第318号" in text
    assert "令和6年11月25日" in text
    assert "<textarea" not in page.content.decode()
    notice = Notice.objects.get(numbers__text="日薬業発第318号")
    assert f'href="/notices/{notice.pk}/"' in page.content.decode()


def test_doubts_stand_before_registering_and_what_was_typed_is_kept(cast: Cast, staff: Client):
    packet = received(cast, DOUBTFUL)
    address = f"/packets/{packet.pk}/"
    page = staff.post(address, typed(staff.get(address), do="register", contact="担当 髙﨑"), follow=True)
    assert page.redirect_chain == [(f"{address}?letter=1#doubt-0", 302)]
    assert "あと 1 か所あります" in shown(page)
    packet.refresh_from_db()
    assert (packet.letters[0]["contact"], packet.state) == ("担当 髙﨑", Packet.State.DOUBTFUL)


def test_a_number_already_used_is_refused_with_a_link_to_the_first(cast: Cast, staff: Client):
    first = take_in.register(received(cast), actor(cast))
    address = f"/packets/{received(cast, SAME_NUMBER).pk}/"
    page = staff.post(address, typed(staff.get(address), do="register"), follow=True)
    assert "6福薬業発第412号は、すでに登録されています" in shown(page)
    assert f'href="/notices/{first.pk}/"' in page.content.decode()
    assert Notice.objects.filter(numbers__text="6福薬業発第412号").get() == first
    answer = staff.post(address, typed(page, do="register", numbers="6福薬業発第414号"))
    assert answer.url == f"/notices/{Notice.objects.get(numbers__text='6福薬業発第414号').pk}/compose/"


def test_a_known_enclosed_letter_is_announced(cast: Cast, staff: Client):
    take_in.register(received(cast, WITHOUT_FIRST), actor(cast))
    page = staff.get(f"/packets/{received(cast).pk}/?letter=2")
    assert "台帳にある通知と同じ文書です" in shown(page)


def test_that_a_letter_within_is_known_is_seen_from_the_first_page_on(cast: Cast, staff: Client):
    take_in.register(received(cast, WITHOUT_FIRST), actor(cast))
    national = Notice.objects.get(numbers__text="日薬業発第318号")
    packet = received(cast)
    page = staff.get(packet.get_absolute_url())
    known = page.context["page"].known_letters
    assert next((each.mark, each.notice, each.is_linked) for each in known) == ("②", national, True)
    assert f"すでに台帳にある文書が入っています。 ② 日本薬剤師会：登録すると「{national}」に結び付けます" in shown(page)
    second = staff.get(f"{packet.get_absolute_url()}?letter=2").context["page"]
    assert "②" not in {each.mark for each in second.known_letters}, "it says so itself"
    take_in.record(packet, actor(cast))
    assert "台帳にある文書が入って" not in shown(staff.get(packet.get_absolute_url()))


def test_a_cited_notice_of_the_archive_is_shown(cast: Cast, staff: Client):
    cited = SAME_NUMBER.replace("412", "389").replace("12月13日", "10月2日")
    notice = take_in.register(received(cast, cited), actor(cast))
    page = staff.get(f"/packets/{received(cast).pk}/").content.decode()
    assert f'<a class="with-icon py-1" href="/notices/{notice.pk}/">' in page
