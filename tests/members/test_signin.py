"""Signing in: by a code sent to the account's address, or once by an operator's pass."""

import re
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from members import tree
from members.models import Account, Capacity, Event, SigninPass
from members.models.account import Role
from tests.cast import Cast


def signed_in_as(client: Client) -> str | None:
    key = client.session.get("_auth_user_id")
    return Account.objects.get(pk=key).email if key else None


def printed_pass(email: str) -> str:
    out = StringIO()
    call_command("signin", email, stdout=out)
    return urlsplit(out.getvalue().strip()).path


def test_a_code_from_the_mail_signs_in(cast: Cast, client: Client):
    client.post("/signin/", {"email": "chair@shuchi.example"})
    (message,) = mail.outbox
    assert message.to == ["chair@shuchi.example"]
    code = re.search(r"\b\d{6}\b", message.body)[0]
    client.post("/signin/code/", {"code": code})
    assert signed_in_as(client) == "chair@shuchi.example"
    assert Event.objects.filter(verb="account.signed_in").count() == 1


def test_a_wrong_code_does_not(cast: Cast, client: Client):
    client.post("/signin/", {"email": "chair@shuchi.example"})
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]
    page = client.post("/signin/code/", {"code": f"{(int(code) + 1) % 1_000_000:06}"})
    assert signed_in_as(client) is None
    assert "コードが違います" in page.content.decode()


@pytest.mark.parametrize("email", ["chair@shuchi.example", "nobody@shuchi.example"])
def test_a_wrong_code_leaves_so_many_tries_be_the_address_known_or_not(cast: Cast, client: Client, email: str):
    first = client.post("/signin/", {"email": email}, follow=True).content.decode()
    assert "回まで入れられます" not in first
    for left in (4, 3, 2, 1):
        assert f"あと {left} 回まで入れられます" in client.post("/signin/code/", {"code": "x"}).content.decode()
    assert client.post("/signin/code/", {"code": "x"})["Location"] == "/signin/"


def test_the_pages_before_signing_in_say_whose_site_it_is_and_where_to_call(cast: Cast, client: Client):
    office = tree.association()
    assert office.label in client.get("/signin/").content.decode()
    shown = client.post("/signin/", {"email": "chair@shuchi.example"}, follow=True).content.decode()
    assert office.label in shown and f"tel:{office.telephone}" in shown


def test_a_code_that_did_not_come_is_sent_again_and_leads_where_one_was_going(cast: Cast, client: Client):
    """As another is asked for: the newer one counts, and no more are sent than may be asked for."""
    shown = client.post("/signin/", {"email": "chair@shuchi.example", "next": "/district/"}, follow=True)
    form = re.search(r'<form method="post" action="/signin/">.*?</form>', shown.content.decode(), re.DOTALL)[0]
    typed = dict(re.findall(r'name="(email|next)" value="([^"]*)"', form))
    assert typed == {"email": "chair@shuchi.example", "next": "/district/"} and "コードをもう一度送る" in form
    again = client.post("/signin/", typed | {"again": ""}, follow=True).content.decode()
    assert "コードをもう一度送りました。" in again
    assert "先に届いたコードを入れる" in client.get("/signin/").content.decode()
    assert "いま送ったばかりです" in client.post("/signin/", typed | {"again": ""}, follow=True).content.decode()
    _, newer = (re.search(r"\b\d{6}\b", message.body)[0] for message in mail.outbox)
    assert client.post("/signin/code/", {"code": newer, "next": "/district/"}).headers["Location"] == "/district/"
    assert signed_in_as(client) == "chair@shuchi.example"


def test_who_has_typed_another_address_types_it_again(cast: Cast, client: Client):
    """The page that waits for the code leads back to the one that asks for the address."""
    client.post("/signin/", {"email": "chiar@shuchi.example"})
    assert 'name="email"' in client.get("/signin/").content.decode()
    client.post("/signin/", {"email": "chair@shuchi.example"})
    assert [message.to for message in mail.outbox] == [["chair@shuchi.example"]]


def test_known_and_unknown_addresses_are_answered_alike(cast: Cast):
    pages = []
    for email in ("chair@shuchi.example", "nobody@shuchi.example"):
        page = Client().post("/signin/", {"email": email}, follow=True)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
        pages.append((page.redirect_chain, text.replace(email, "")))
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [["chair@shuchi.example"]]


def test_a_disabled_account_is_out_at_its_next_request(cast: Cast):
    client = cast.client("staff")
    assert client.get("/capacity/").status_code == 200
    Account.objects.filter(email="staff@shuchi.example").update(is_active=False)
    assert client.get("/capacity/").status_code == 302


def test_an_operators_pass_signs_in_once_and_only_by_its_button(cast: Cast, client: Client):
    path = printed_pass("staff@shuchi.example")
    for _ in range(2):
        assert "サインインする" in client.get(path).content.decode()
        client.head(path)
    assert signed_in_as(client) is None
    assert client.post(path).status_code == 302
    assert signed_in_as(client) == "staff@shuchi.example"

    late = Client()
    assert late.post(path).status_code == 410
    assert signed_in_as(late) is None


def test_making_and_using_a_pass_is_recorded_and_its_token_is_not_kept(cast: Cast, client: Client):
    path = printed_pass("staff@shuchi.example")
    client.post(path)
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["account.signin_pass_made", "account.signed_in"]
    token = path.rstrip("/").rpartition("/")[2]
    assert token not in str(SigninPass.objects.values_list())


def test_an_unknown_address_gets_no_pass(cast: Cast):
    with pytest.raises(CommandError, match=r"nobody@shuchi\.example"):
        call_command("signin", "nobody@shuchi.example")


def test_an_account_with_several_capacities_chooses_in_which_it_acts(cast: Cast):
    client = cast.client("chair")
    account = cast.capacities["chair"].account
    shop = Capacity.objects.create(account=account, organisation=cast.pharmacies[2], role=Role.PHARMACY)
    page = client.get("/capacity/").content.decode()
    assert "白鷺地区薬剤師会" in page
    assert "薬局しらさぎの杜" in page
    client.post("/capacity/", {"capacity": shop.pk})
    assert client.session["capacity"] == shop.pk


def test_nobody_acts_in_anothers_capacity(cast: Cast):
    client = cast.client("pharmacy")
    assert client.post("/capacity/", {"capacity": cast.capacities["staff"].pk}).status_code == 404
    assert "capacity" not in client.session
