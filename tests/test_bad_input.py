"""What people send in by mistake, or on purpose: each is answered in words, and nothing is lost.

Packets that are none or come twice, numbers used already, impossible dates, deadlines, releases to nobody and personal
addresses that do not open are met where they are handled: tests/intake_site, tests/letters, tests/tracking. Files are
met in tests/members/uploads, tests/letters/test_enclosures_page.py and tests/test_pdf_contents.py.
"""

import re
from html import unescape
from urllib.parse import quote, unquote

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access_table import TABLE, sends
from tests.cast import Cast, sign_in
from tests.intake_site.browser import typed
from tests.intake_site.office import WITHOUT_FIRST
from tests.rows import changed, everything
from tests.scene import Scene


@pytest.fixture
def cast(scene: Scene) -> Cast:
    return scene.cast


def says(response: HttpResponse) -> str:
    """What stands on the page, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


# Where somebody wanted to go ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example/today/", "/\\evil.example", "javascript:alert(1)", "///evil.example"],
)
def test_who_is_sent_elsewhere_after_signing_in_comes_to_the_own_page(cast: Cast, client: Client, wanted: str):
    client.get("/signin/", {"next": wanted})
    client.post("/signin/", {"email": "chair@shuchi.example", "next": wanted})
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]
    arrived = client.post("/signin/code/", {"code": code, "next": wanted}, follow=True)
    assert arrived.redirect_chain[-1][0] == reverse("notices:district")
    assert all(address.startswith("/") and "evil" not in address for address, _ in arrived.redirect_chain)


def test_who_was_on_the_way_to_a_page_of_the_site_arrives_there(cast: Cast, client: Client):
    wanted = reverse("directory")
    asked = client.get(wanted)
    client.post(asked["Location"], {"email": "chair@shuchi.example", "next": wanted})
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]
    assert client.post("/signin/code/", {"code": code, "next": wanted})["Location"] == wanted


def test_another_host_is_refused(client: Client, db: None):
    answer = client.get("/help/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
    assert "受け取れませんでした" in says(answer)


# A session that ended -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["staff", "chair", "pharmacy"])
def test_who_presses_a_button_after_the_session_ended_comes_back_to_its_page(scene: Scene, role: str):
    client = scene.browser(role)
    for row in TABLE:
        if role in row.who and "anonymous" not in row.who and row.post not in (404, 405) and row.get != 405:
            asked = Client().post(scene.url(row.name, *row.keys), row.data(scene))
            back = unquote(asked["Location"].partition("next=")[2])
            assert client.get(back, follow=True).status_code in (200, row.get), row


@pytest.mark.parametrize(
    ("role", "name", "keys", "field"),
    [
        ("staff", "notices:packet_new", (), "text"),
        ("staff", "notices:notice_new", (), "subject"),
        ("staff", "notices:compose", ("draft",), "body"),
        ("staff", "notices:steps", ("draft",), "pc"),
        ("staff", "notices:help_request", ("own help",), "answer"),
        ("pharmacy", "notices:own_receipt_help", ("own receipt",), "note"),
        ("pharmacy", "notices:own_receipt_not_applicable", ("own receipt",), "other"),
    ],
)
def test_what_was_typed_when_the_session_ended_is_given_back_once(
    scene: Scene, role: str, name: str, keys: tuple[str, ...], field: str
):
    browser, before = Client(), everything()
    answer = browser.post(scene.url(name, *keys), {field: "打ちかけの𠮷"})
    assert changed(before) == {"django_session"}
    sign_in(browser, scene.cast.capacities[role].account)
    back = unquote(answer["Location"].partition("next=")[2])
    page = browser.get(back).content.decode()
    assert "まだ保存していません" in page and "打ちかけの𠮷" in page
    assert "打ちかけの𠮷" not in browser.get(back).content.decode()


def test_a_correction_of_a_packet_is_given_back_too(scene: Scene):
    staff, browser = scene.browser("staff"), Client()
    address = scene.url("notices:packet", "waiting packet") + "?letter=1"
    form = typed(staff.get(address), subject="直しかけの件名")
    answer = browser.post(address, form)
    sign_in(browser, scene.cast.capacities["staff"].account)
    page = browser.get(unquote(answer["Location"].partition("next=")[2]))
    assert "直しかけの件名" in says(page) and "まだ保存していません" in says(page)


def test_a_preview_after_the_session_ended_leaves_the_page_as_it_is(scene: Scene):
    for name in ("notices:preview", "notices:recipients"):
        answer = Client().post(scene.url(name, "draft"), {"body": "打ちかけ"}, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.content) == (401, b"")


# Too much, and nothing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["signin", "packets/new", "n/unknown"])
def test_ten_megabytes_of_text_are_refused_as_too_large(scene: Scene, place: str):
    client = scene.browser("staff")
    client.handler.enforce_csrf_checks = True
    form_token = client.get("/packets/new/").context["csrf_token"]
    before = everything()
    form = {"csrfmiddlewaretoken": str(form_token), "text": "あ" * (10 * 1024 * 1024 // 3)}
    answer = client.post(f"/{place}/", form)
    assert answer.status_code == 413
    assert "大きすぎて受け取れません" in says(answer) and "記録していません" in says(answer)
    assert changed(before) == set()


def test_a_form_without_its_token_is_answered_in_words(scene: Scene):
    client = scene.browser("anonymous")
    client.handler.enforce_csrf_checks = True
    answer = client.post(scene.url("notices:personal_confirm", "unread token"))
    assert answer.status_code == 403
    assert "もう一度" in says(answer)


NONSENSE = ["\x00", "\u200b", "%_'\"<b>", "-1e309", "9" * 30, "９" * 3000]
QUESTIONS = [
    ("staff", "notices:search", (), "q"),
    ("staff", "notices:notices", (), "q state year issuer"),
    ("staff", "notices:notice_pharmacies", ("released",), "q district reach answer place tag format"),
    ("staff", "notices:packets", (), "q state"),
    ("staff", "notices:packet", ("waiting packet",), "letter"),
    ("staff", "notices:release", ("release",), "q state district format"),
    ("staff", "notices:outbox", (), "q state purpose notice"),
    ("staff", "notices:help_requests", (), "q state district"),
    ("staff", "notices:notice_new", (), "from"),
    ("staff", "directory", (), "q kind district tag"),
    ("staff", "history", (), "q verb day"),
    ("chair", "directory", (), "q tag"),
    ("chair", "notices:district_receipt", ("district's receipt",), "show"),
    ("pharmacy", "notices:own", (), "q page"),
    ("pharmacy", "notices:own_history", (), "page"),
    ("anonymous", "notices:personal_help", ("own token",), "step"),
    ("anonymous", "account_login", (), "next"),
]


@pytest.mark.parametrize(("role", "name", "keys", "asked"), QUESTIONS, ids=lambda value: str(value))
def test_nonsense_in_an_address_is_answered_with_a_page(
    scene: Scene, role: str, name: str, keys: tuple[str, ...], asked: str
):
    client = scene.browser(role)
    for nonsense in NONSENSE:
        for question in asked.split():
            answer = client.get(scene.url(name, *keys), {question: nonsense})
            assert answer.status_code in (200, 404), (question, nonsense)


@pytest.mark.parametrize("token", ["\x00", "9" * 40, "ffffffffffffffff-a", "1-\x00", "１-あ", "-", "1" * 3000])
def test_a_token_that_is_none_is_answered_as_every_other_that_does_not_open(scene: Scene, token: str):
    client = scene.browser("anonymous")
    for name in ("notices:personal", "notices:forwarded"):
        assert "このリンクは使えません" in says(client.get(reverse(name, args=["x"]).replace("x", quote(token))))
    assert client.get(reverse("signin_pass", args=["x"]).replace("x", quote(token))).status_code in (404, 410)


def test_ids_that_cannot_be_are_not_found(scene: Scene):
    client = scene.browser("staff")
    for number in ("0", "9" * 19, "9" * 30):
        for place in ("notices", "packets", "receipts", "releases", "outbox", "directory", "help-requests"):
            assert client.get(f"/{place}/{number}/").status_code == 404, (place, number)
    for form in ({"capacity": "9" * 30}, {"capacity": "x"}, {"capacity": "\x00"}, {}):
        assert client.post("/capacity/", form).status_code == 404


# Sent twice -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "name", "keys", "form"),
    [
        ("anonymous", "notices:personal_confirm", ("unread token",), {}),
        ("anonymous", "notices:personal_finish", ("own token",), {}),
        ("anonymous", "notices:personal_name", ("own token",), {"name": "髙木 亮"}),
        ("anonymous", "notices:personal_steps", ("own token",), {"step": "step", "done": "1"}),
        ("anonymous", "notices:personal_not_applicable", ("own token",), {"reason": "other", "other": "閉局した"}),
        ("anonymous", "notices:personal_help", ("own token",), {"step": "step", "note": "分かりません"}),
        ("anonymous", "notices:personal_help_close", ("own token",), {"help": "own help"}),
        ("chair", "notices:district_accept", ("district's receipt",), {}),
        ("chair", "notices:district_pass_on", ("district's receipt",), {}),
        ("staff", "notices:packet_new", (), {"text": WITHOUT_FIRST}),
        ("staff", "notices:packet", ("registered packet",), {"do": "register"}),
        ("staff", "notices:notice_new", (), {"subject": "年末年始の連絡体制について"}),
        ("staff", "notices:notice_new", (), {"from": "received"}),
        ("staff", "notices:discard", ("draft",), {}),
        ("staff", "notices:check", ("approved",), {"sure": "on"}),
        ("staff", "notices:release_pause", ("sending release",), {}),
        ("staff", "notices:release_stop", ("sending release",), {}),
        ("staff", "notices:help_request", ("own help",), {"close": ""}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_going_back_and_sending_again_changes_nothing_more(
    scene: Scene, role: str, name: str, keys: tuple[str, ...], form: dict[str, str]
):
    client, address, sent = scene.browser(role), scene.url(name, *keys), sends(**form)(scene)
    assert client.post(address, sent).status_code == 302
    client.get("/")  # takes the message of the first time off the session
    after = everything()
    again = client.post(address, sent, follow=True)
    assert changed(after) <= {"django_session"}, says(again)
    assert again.status_code in (200, 404)


# Free text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret", ["パスワードは abcd1234 です", "暗証番号：4726", "コード A1B2C3", "マイナンバー 1234 5678 9018"]
)
@pytest.mark.parametrize(
    ("role", "name", "keys", "form"),
    [
        ("anonymous", "notices:personal_name", ("own token",), {"name": "{}"}),
        ("anonymous", "notices:personal_help", ("own token",), {"step": "step", "note": "{}"}),
        ("anonymous", "notices:personal_not_applicable", ("own token",), {"reason": "other", "other": "{}"}),
        ("staff", "notices:help_request", ("own help",), {"answer": "{}"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_secret_in_free_text_is_refused_with_the_reason_and_kept_nowhere(
    scene: Scene, role: str, name: str, keys: tuple[str, ...], form: dict[str, str], secret: str
):
    client, before = scene.browser(role), everything()
    sent = {field: value.format(secret) for field, value in sends(**form)(scene).items() if isinstance(value, str)}
    answer = client.post(scene.url(name, *keys), sent)
    assert answer.status_code == 422
    assert "らしい" in says(answer) and "＊＊＊" in answer.content.decode() and secret not in answer.content.decode()
    assert changed(before) <= {"django_session"}


# Addresses at the sign-in ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email", ["ｃｈａｉｒ＠ｓｈｕｃｈｉ．ｅｘａｍｐｌｅ", " chair@shuchi.example　", "CHAIR@shuchi.example"]
)
def test_an_address_is_known_however_it_was_typed(cast: Cast, client: Client, email: str):
    client.post("/signin/", {"email": email})
    assert [[to.lower() for to in message.to] for message in mail.outbox] == [["chair@shuchi.example"]]


@pytest.mark.parametrize(
    "email", ["", "chair", "chair@", "chair@shuchi.example\nBcc: z@evil.example", "\u200b", "a b@c.example"]
)
def test_what_is_no_address_is_explained_and_nothing_is_mailed(cast: Cast, client: Client, email: str):
    page = client.post("/signin/", {"email": email})
    assert page.status_code == 200
    assert "メールアドレス" in says(page) and "error" in page.content.decode()
    assert mail.outbox == []
