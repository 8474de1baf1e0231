"""Who may open and press what: every address of the site, with what it answers to every role.

One row an address and an object. Those whom the row names get `get` to GET and HEAD, and `post` to POST with `data`
(405 where there is nothing to press). Everybody else gets what `others` says; where it says nothing, who is not signed
in is led to the sign-in, and for all others the page does not exist (404, or 405 to POST without anything to press).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.scene import ANONYMOUS, CHAIRS, PHARMACIES, SIGNED_IN, STAFF, Scene

EVERYBODY = ANONYMOUS | SIGNED_IN
NOBODY: set[str] = set()
SIGNIN = "to the sign-in"

Answer = int | str
Data = Callable[[Scene], dict[str, Any]]


def nothing(scene: Scene) -> dict[str, Any]:
    return {}


def sends(**data: Any) -> Data:
    """What a form holds; a value that names an id of the scene stands for that id."""
    return lambda scene: {name: scene.ids.get(value, value) for name, value in data.items()}


@dataclass(frozen=True)
class Row:
    name: str
    keys: tuple[str, ...]
    who: frozenset[str]
    get: Answer
    post: Answer
    data: Data
    others: Answer | None

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.keys)})"

    def expected(self, role: str, method: str) -> set[Answer]:
        if role in self.who:
            return {self.post if method == "POST" else self.get}
        if self.others is not None:
            return {self.others}
        if role in ANONYMOUS:
            return {SIGNIN}
        return {404, 405} if method == "POST" and self.post == 405 else {404}


def row(
    name: str,
    who: set[str],
    *keys: str,
    get: Answer = 200,
    post: Answer = 405,
    data: Data = nothing,
    others: Answer | None = None,
) -> Row:
    return Row(name, keys, frozenset(who), get, post, data, others)


# The pages of one receipt, the same behind each of its doors ----------------------------------------------------------

PAGES: list[tuple[str, Answer, Answer, Data]] = [
    ("", 200, 405, nothing),
    ("_confirm", 302, 302, nothing),
    ("_name", 302, 302, sends(name="髙木 亮")),
    ("_steps", 302, 302, sends(step="step", done="1")),
    ("_device", 302, 302, sends(device="android")),
    ("_finish", 302, 302, nothing),
    ("_reopen", 302, 302, nothing),
    ("_not_applicable", 200, 302, sends(reason="other", other="訪問を行っていない")),
    ("_applicable", 302, 302, nothing),
    ("_help", 200, 302, sends(step="step", note="初期パスワードが分からない")),
]
PAPERS: list[tuple[str, tuple[str, ...], Answer]] = [
    ("_letter", (), 200),
    ("_bound", (), 200),
    ("_attachment", ("letter",), 200),
    ("_attachment", ("text",), 200),
    ("_attachment", ("file",), 404),
    ("_attachment", ("strange attachment",), 404),
    ("_file", ("file",), 200),
    ("_file", ("text",), 404),
    ("_file", ("strange attachment",), 404),
]


def pages(name: str, who: set[str], key: str, help_key: str) -> Iterator[Row]:
    for page, get, post, data in PAGES:
        yield row(f"{name}{page}", who, key, get=get, post=post, data=data)
    yield row(f"{name}_help_close", who, key, get=302, post=302, data=sends(help=help_key))
    yield row(f"{name}_picture", who, key, "step")
    yield row(f"{name}_picture", who, key, "strange step", get=404)
    yield from papers(name, who, key)


def papers(name: str, who: set[str], key: str) -> Iterator[Row]:
    for page, more, get in PAPERS:
        yield row(f"{name}{page}", who, key, *more, get=get)


def closed(name: str, key: str) -> Row:
    """An address that opens for nobody, and takes nothing."""
    return row(name, EVERYBODY, key, get=404, post=404)


LEFT_OUT = {"number": "8福薬業発第901号", "use": "void", "dated": "R8.10.1", "words": "書き損じ"}
DECISION = {"approval": "request", "day": "令和99年4月1日", "sure": "on"}
FAX = {"what": "finished", "via": "fax", "person": "梅﨑 千夏"}

TABLE: list[Row] = [
    # For everybody
    row("privacy", EVERYBODY),
    row("help", EVERYBODY),
    # Signing in
    row("account_login", ANONYMOUS, post=302, data=sends(email="chair@shuchi.example"), others=302),
    row("account_request_login_code", ANONYMOUS, post=302, data=sends(email="chair@shuchi.example"), others=302),
    row("account_confirm_login_code", ANONYMOUS, get=SIGNIN, post=SIGNIN, others=302),
    row("account_signup", EVERYBODY, get=SIGNIN, post=SIGNIN),
    row("account_inactive", EVERYBODY, get=SIGNIN, post=SIGNIN),
    row("signin_pass", EVERYBODY, "pass", post=302),
    row("signin_pass", EVERYBODY, "used pass", get=410, post=410),
    row("signin_pass", EVERYBODY, "unknown", get=410, post=410),
    row("mfa_authenticate", ANONYMOUS, get=SIGNIN, post=SIGNIN, others=302),
    row("mfa_login_webauthn", ANONYMOUS, get=SIGNIN, post=SIGNIN, others=302),
    row("passkey_request", EVERYBODY, get=405, post=200),
    row("account_logout", SIGNED_IN, post=SIGNIN),
    row("capacity", SIGNED_IN, post=404, data=sends(capacity="0")),
    row("home", SIGNED_IN, get=302, post=302),
    # The own account
    row("own_account", SIGNED_IN),
    row("own_sessions", SIGNED_IN, get=302, post=302),
    row("second_factor", SIGNED_IN, get=302),
    row("prove", SIGNED_IN, post=422),
    row("factor_app", SIGNED_IN, post=422),
    row("factor_passkey", SIGNED_IN, post=422),
    row("passkey_creation", SIGNED_IN, get=405, post=200),
    row("factor_end", {"administrator"}, "app", post=302),
    row("factor_end", NOBODY, "0"),
    row("recovery_codes", {"administrator"}, post=302),
    # Accounts
    row("accounts", {"administrator"}),
    row("account", {"administrator"}, "account"),
    row("correct_account", {"administrator"}, "account", post=422),
    row("disable_account", {"administrator"}, "account", post=302),
    row("enable_account", {"administrator"}, "account", post=302),
    row("reset_factors", {"administrator"}, "account", post=302),
    row("end_sessions", {"administrator"}, "account", get=302, post=302),
    row("capacity_duties", {"administrator"}, "staff's capacity", get=302, post=302, data=sends(duties="approves")),
    row("capacity_duties", NOBODY, "neighbour's capacity"),
    row("registration", PHARMACIES, post=422),
    row("own_accounts", CHAIRS | PHARMACIES, post=422),
    row("organisation_accounts", STAFF, "pharmacy", post=422),
    row("organisation_accounts", {"administrator"}, "association", post=422),
    row("capacity_end", {"administrator"}, "staff's capacity", post=302),
    row("capacity_end", STAFF | {"neighbour"}, "neighbour's capacity", post=302),
    row("invite_again", {"administrator"}, "staff's capacity", get=302, post=302),
    row("invite_again", STAFF | {"neighbour"}, "neighbour's capacity", get=302, post=302),
    row("answer_invitation", {"neighbour"}, "neighbour's invitation", get=302, post=302, data=sends(answer="accept")),
    # Who exists, and what happened
    row("directory", STAFF | CHAIRS),
    row("history", STAFF),
    row("tasks", STAFF | CHAIRS),
    row("task", STAFF, "task", post=302, data=sends(do="correct", address="new@mail.example")),
    row("task", STAFF, "other task", post=302, data=sends(do="keep")),
    row("task", STAFF, "closed task", post=302, data=sends(do="reopen")),
    row("roster_loads", STAFF, post=422),
    row("roster_load_help", STAFF, post=405),
    row("roster_load", STAFF, "load", post=302, data=sends(do="discard")),
    row("roster_load_refused", STAFF, "load"),
    row("task", STAFF, "answered task", post=302, data=sends(do="keep")),
    row("task_decision", STAFF, "answered task", get=302, post=302, data=sends(do="return", seen="", reason="番地を")),
    row("task_answer", {"chair"}, "task", post=302, data=sends(says="unknown", remark="電話に出ない")),
    row("task_answer", {"chair"}, "answered task", post=422),
    row("task_answer", {"chair"}, "closed task", post=302),
    row("task_answer", {"other_chair"}, "other task", post=422),
    row("organisation_closed", STAFF | {"chair"}, "pharmacy", post=302),
    row("organisation_closed", STAFF | {"other_chair"}, "other pharmacy", post=422, data=sends(value_on="x")),
    row("organisation_closed", NOBODY, "district", post=404),
    row("organisation_new", STAFF, "new pharmacy", post=422),
    row("organisation_new", STAFF, "new district", post=422),
    row("organisation_new", STAFF, "new issuer", post=302, data=sends(name="厚生労働省", channel="email")),
    row("organisation_new", NOBODY, "new association", post=404),
    row("mailbox", STAFF, "mailbox", post=302, data=sends(do="stop")),
    row("mailbox_remove", STAFF, "mailbox", post=302),
    row("officer_correct", STAFF, "officer", post=422),
    row("officer_new", STAFF, "pharmacy", post=422),
    row("officer", STAFF, "officer", post=422),
    row("organisation_edit", STAFF, "pharmacy", post=422),
    row("mailbox_add", STAFF, "pharmacy", post=302, data=sends(address="new@mail.example")),
    # Packets
    row("notices:packets", STAFF),
    row("notices:packet_new", STAFF, post=200),
    row("notices:packet", STAFF, "waiting packet", post=302, data=sends(do="save")),
    row("notices:packet", STAFF, "registered packet", post=302, data=sends(do="record")),
    row("notices:packet", NOBODY, "0"),
    row("notices:packet_number", STAFF, "waiting packet", post=422, data=sends(receipt_number="6-1234567")),
    row("notices:packet_number", STAFF, "registered packet", get=302, post=302),
    row("notices:packet_close", STAFF, "waiting packet", get=405, post=302, data=sends(do="double")),
    row("notices:packet_letter", STAFF, "waiting packet", "1", get=405, post=302, data=sends(do="leave_out")),
    row("notices:packet", STAFF, "packet of a PDF", post=302, data=sends(do="save")),
    row("notices:packet_picture", STAFF, "packet of a PDF", "2"),
    row("notices:packet_picture", NOBODY, "packet of a PDF", "3"),
    row("notices:packet_turn", STAFF, "packet of a PDF", "1", get=405, post=302, data=sends()),
    row("notices:packet_picture", NOBODY, "registered packet", "1"),
    row("notices:packet_file", STAFF, "registered packet"),
    row("notices:packet_file", STAFF, "registered packet", "0"),
    row("notices:packet_file", NOBODY, "registered packet", "1"),
    # Letters
    row("notices:ledger", STAFF),
    row(
        "notices:ledger_new",
        STAFF,
        post=302,
        data=sends(number="8福薬業発第901号", use="void", dated="R8.10.1", words="欠"),
    ),
    row("notices:ledger_line", STAFF, "number", post=302, data=sends(use="outside", dated="R8.10.1", words="委嘱状")),
    row("notices:ledger_remove", STAFF, "number", get=405, post=302),
    row("notices:notice_new", STAFF, post=302, data=sends(subject="年末年始の連絡体制について")),
    row("notices:compose", STAFF, "draft", post=200),
    row("notices:compose", STAFF, "released", get=302, post=302),
    row("notices:correct", STAFF, "released", get=302, post=302),
    row("notices:withdraw", STAFF, "released", get=302, post=302),
    row("notices:follow_up", STAFF, "released", get=302, post=302),
    row("notices:follow_up", STAFF, "district's letter", get=302, post=302),
    row("notices:withdraw", STAFF, "draft", get=302, post=302),
    row("notices:preview", STAFF, "draft", get=405, post=200),
    row("notices:preview_pdf", STAFF, "draft", get=405, post=200),
    row("notices:preview_bound", STAFF, "draft", get=405, post=200),
    row("notices:discard", STAFF, "draft", post=302),
    row("notices:discard", STAFF, "released", get=302, post=302),
    row("notices:steps", STAFF, "draft", post=200),
    row("notices:recipients", STAFF, "draft", post=302, data=sends(scope="all", districts="district")),
    row("notices:check", STAFF, "draft", post=200, data=sends(sure="on")),
    row("notices:check", STAFF, "released", get=302, post=302, data=sends(sure="on")),
    row("notices:check", STAFF, "approved", post=302, data=sends(sure="on")),
    row("notices:compose", STAFF, "asked", get=302, post=302),
    row("notices:compose", STAFF, "approved", get=302, post=302),
    row("notices:approval_ask", STAFF, "draft", get=302, post=200),
    row("notices:approval_ask", STAFF, "released", get=302, post=302),
    row("notices:approval_take_back", STAFF, "asked", get=302, post=302, data=sends(approval="request")),
    row("notices:approval_decide", STAFF, "asked", get=302, post=302, data=sends(**DECISION)),
    row("notices:approval_send_back", STAFF, "asked", get=302, post=302, data=sends(approval="request", remark="直す")),
    row("notices:approval_reopen", STAFF, "approved", get=302, post=302),
    row("notices:approval_paper", STAFF, "draft", get=302, post=200),
    row("notices:approval_sheet", STAFF, "draft"),
    row("notices:approval_sheet", STAFF, "approved"),
    row("notices:approval_sheet", STAFF, "released"),
    row("notices:approval_sheet", NOBODY, "received"),
    row("notices:approval_sheet", NOBODY, "district's letter"),
    row("notices:approval_scan", STAFF, "on paper"),
    row("notices:approval_scan", NOBODY, "request"),
    row("notices:mails", STAFF, "draft"),
    row("notices:mails", STAFF, "released", get=302, post=302),
    row("notices:pharmacy_mail", STAFF, "draft"),
    row("notices:pharmacy_mail", STAFF, "released", get=302, post=302),
    row("notices:district_mail", STAFF, "draft"),
    row("notices:district_mail", STAFF, "released", get=302, post=302),
    row("notices:try_out", STAFF, "draft", get=405, post=302),
    row("notices:try_out", STAFF, "released", get=302, post=302),
    row("notices:schedule", STAFF, "draft", get=302, post=200),
    row("notices:schedule", STAFF, "released", get=302, post=302),
    row("notices:unschedule", STAFF, "draft", get=302, post=302),
    row("notices:unschedule", STAFF, "scheduled", get=302, post=302),
    row("notices:compose", STAFF, "scheduled", get=302, post=302),
    row("notices:check", STAFF, "scheduled", post=302, data=sends(sure="on")),
    row("notices:letter_pdf", STAFF, "scheduled"),
    row("notices:letter_pdf", SIGNED_IN, "released"),
    row("notices:letter_pdf", STAFF | {"chair", "pharmacy", "neighbour"}, "narrow"),
    row("notices:letter_pdf", STAFF, "draft"),
    row("notices:letter_pdf", NOBODY, "received"),
    row("notices:bound_pdf", SIGNED_IN, "released"),
    row("notices:bound_pdf", STAFF | {"chair", "pharmacy", "neighbour"}, "narrow"),
    row("notices:bound_pdf", STAFF, "draft"),
    row("notices:bound_pdf", NOBODY, "received"),
    row("notices:bind_again", STAFF, "released", get=302, post=302),
    row("notices:bind_again", NOBODY, "draft", post=404),
    row("notices:manual_pdf", STAFF, "draft"),
    row("notices:manual_pdf", STAFF, "released", get=302, post=302),
    row("notices:step_picture", STAFF, "released", "step"),
    row("notices:step_picture", STAFF, "draft", "strange step"),
    row("notices:step_picture", NOBODY, "released", "strange step"),
    row("notices:sentences", STAFF),
    row("notices:sentence", STAFF, "notify_closing", post=302, data=sends(text="貴会会員へご周知ください。")),
    row("notices:sentence", NOBODY, "unknown", post=404),
    row("notices:sentence_preview", STAFF, "notify_closing", get=405, post=200, data=sends(text="ご周知ください。")),
    # The archive and the board
    row("notices:today", STAFF),
    row("notices:search", STAFF),
    row("notices:notices", STAFF),
    row("notices:trends", STAFF | CHAIRS),
    row("notices:notice", STAFF, "received"),
    row("notices:notice", STAFF, "draft"),
    row("notices:notice", STAFF, "released"),
    row("notices:notice_attachment", STAFF, "registered letter", "registered text"),
    row("notices:notice_attachment", NOBODY, "released", "registered text"),
    row("notices:notice_file", STAFF, "released", "file"),
    row("notices:notice_file", NOBODY, "released", "text"),
    row("notices:notice_file", NOBODY, "narrow", "file"),
    row("notices:notice_pharmacies", STAFF, "released"),
    row("notices:notice_pharmacies", NOBODY, "draft"),
    row("notices:notice_on_behalf", STAFF, "released"),
    row("notices:notice_on_behalf", NOBODY, "draft"),
    row("notices:notice_districts_csv", STAFF, "released"),
    row("notices:notice_districts_csv", NOBODY, "draft"),
    row("notices:notice_districts_xlsx", STAFF, "released"),
    row("notices:notice_districts_xlsx", NOBODY, "draft"),
    # One receipt at the desk, and the questions
    row("notices:receipt", STAFF, "own receipt"),
    row("notices:receipt", STAFF, "district's receipt"),
    row("notices:receipt_revoke", STAFF, "own receipt", post=302),
    row("notices:receipt_again", STAFF, "own receipt", post=302, data=sends(address="own mailbox")),
    # Reports and certificates
    *(row(f"notices:notice_report{kind}", STAFF, "released") for kind in ("", "_pdf", "_csv", "_xlsx")),
    row("notices:notice_report", STAFF, "draft", get=404),
    *(row(f"notices:year_report{kind}", STAFF) for kind in ("", "_pdf", "_csv", "_xlsx")),
    row("notices:receipt_certificate", STAFF, "own receipt"),
    row("notices:receipt_certificate", STAFF, "district's receipt", get=404),
    row("notices:organisation_certificate", STAFF, "pharmacy"),
    row("notices:organisation_certificate", STAFF, "district", get=404),
    row("notices:own_certificate", PHARMACIES),
    row("notices:own_receipt_certificate", {"pharmacy"}, "own receipt"),
    row("notices:own_receipt_certificate", {"neighbour"}, "neighbour's receipt"),
    row("notices:own_receipt_certificate", {"other_pharmacy"}, "other's receipt"),
    # 代理: staff, and the pharmacy's chair
    row("notices:on_behalf", STAFF | {"chair"}, "own receipt", post=302, data=sends(**FAX)),
    row("notices:on_behalf", STAFF | {"other_chair"}, "other's receipt", post=302, data=sends(**FAX)),
    row("notices:on_behalf", NOBODY, "district's receipt", post=404),
    *(
        made
        for button in ("called", "called_undo", "faxed", "faxed_undo", "confirmed")
        for made in (
            row(f"notices:receipt_{button}", STAFF | {"chair"}, "own receipt", get=302, post=302),
            row(f"notices:receipt_{button}", STAFF | {"other_chair"}, "other's receipt", get=302, post=302),
            row(f"notices:receipt_{button}", NOBODY, "district's receipt", post=404),
        )
    ),
    row("notices:on_behalf_undo", STAFF | {"chair"}, "record", get=302, post=302),
    row("notices:on_behalf_undo", STAFF | {"chair"}, "staff's record", get=302, post=302),
    row("notices:on_behalf_undo", STAFF | {"other_chair"}, "other record", get=302, post=302),
    row("notices:replies", STAFF | CHAIRS, post=404),
    row("notices:help_requests", STAFF),
    row("notices:help_request", STAFF, "own help", post=302, data=sends(answer="手順 3 を先にしてください")),
    row("notices:step_note", STAFF, "step", post=302, data=sends(text="先に手順 3 を終えてください")),
    row("notices:step_note", NOBODY, "strange step", post=404, data=sends(text="先に手順 3 を終えてください")),
    # Sending
    row("notices:releases", STAFF),
    row("notices:release", STAFF, "release"),
    row("notices:release", STAFF, "sending release"),
    row("notices:release", NOBODY, "prepared release"),
    row("notices:release_papers", STAFF, "release"),
    row("notices:release_papers_print", STAFF, "release", get=404),  # nobody of it gets paper
    row("notices:release_papers_making", STAFF, "release", get=404),
    row("notices:release_papers_sent", STAFF, "release", get=302, post=302, data=sends(pile="-post-0")),
    row("notices:release_papers_not_sent", STAFF, "release", get=302, post=302),
    row("notices:release_pause", STAFF, "sending release", get=302, post=302),
    row("notices:release_resume", STAFF, "sending release", get=302, post=302),
    row("notices:release_now", STAFF, "sending release", get=302, post=302),
    row("notices:release_stop", STAFF, "sending release", post=302),
    row("notices:release_stop", STAFF, "release", get=404, post=302),
    row("notices:release_again", STAFF, "release", post=302),
    row("notices:release_stopped", STAFF, "release", post=302),
    row("notices:receipt_repeat", STAFF, "own receipt", get=302, post=302),
    row("notices:release_reminders", STAFF, "release", post=302, data=sends(before="7", hour="9", most="3")),
    row("notices:release_reminders", STAFF, "prepared release", post=302, data=sends(after="7", hour="9", most="3")),
    row("notices:release_reminders", NOBODY, "district's release", get=404, post=404),
    row("notices:usual_reminders", {"administrator"}, post=422, data=sends(kind="deadline")),
    row("notices:release_reminders_stop", STAFF, "release", get=302, post=302),
    row("notices:release_reminders_resume", STAFF, "release", get=302, post=302),
    row("notices:release_reminders_preview", STAFF, "release"),
    row("notices:release_reminders_preview", STAFF, "prepared release", get=404),
    row("notices:release_reminders_mail", STAFF, "release", "own receipt", get=404),
    row("notices:release_remind_now", STAFF, "release", post=302),
    row("notices:receipt_reminders", STAFF, "own receipt", get=302, post=302),
    row("notices:task_notices", STAFF, "task", post=302),
    row("notices:fax_returned", STAFF, "fax by hand", post=302, data=sends(reason="busy")),
    row("notices:fax_returned", NOBODY, "own mail", post=404),
    row("notices:outbox", STAFF),
    row("notices:outbox_codes", {"administrator"}),
    row("notices:outbox_message", STAFF, "own mail"),
    row("notices:outbox_html", STAFF, "own mail"),
    row("notices:receipt_step_in", STAFF, "due receipt", post=302, data=sends(reason="会長が入院中のため")),
    row("notices:receipt_step_in", NOBODY, "own receipt", post=404),
    # The chair
    row("notices:district", CHAIRS),
    row("notices:district_message", {"chair"}, "district's receipt", post=422),
    row("notices:district_message", {"other_chair"}, "other district's receipt", post=422),
    row("notices:district_message", NOBODY, "own receipt", post=404),
    row("notices:district_calendar", CHAIRS),
    row("notices:district_receipt_calendar", {"chair"}, "district's receipt"),
    row("notices:district_receipt_calendar", {"other_chair"}, "other district's receipt"),
    # Through districts: the chair's letter to the members
    row(
        "notices:district_compose", {"chair"}, "due receipt", post=302, data=sends(text="別添のとおりです。", sure="on")
    ),
    row("notices:district_compose", {"other_chair"}, "other due receipt", post=422, data=sends(text="")),
    row("notices:district_compose", {"chair"}, "passed receipt", get=302, post=302),
    row("notices:district_compose", {"chair"}, "district's receipt", get=302, post=302),
    row("notices:district_compose", NOBODY, "own receipt", post=404),
    row("notices:district_preview", {"chair"}, "due receipt", get=405, post=200),
    row("notices:district_steer", {"chair"}, "passed receipt", get=302, post=302, data=sends(do="pause")),
    row("notices:district_steer", {"other_chair"}, "other due receipt", get=302, post=302, data=sends(do="stop")),
    row("notices:letter_pdf", STAFF | {"chair", "pharmacy", "neighbour"}, "district's letter"),
    row("notices:letter_pdf", STAFF | CHAIRS | {"pharmacy", "neighbour"}, "passed notice"),
    row("notices:notice", STAFF, "district's letter"),
    row("notices:correct", STAFF, "district's letter", get=302, post=302),
    row("notices:release", STAFF, "district's release"),
    row("notices:release_pause", STAFF, "district's release", get=302, post=302),
    # The pharmacy
    row("notices:own", PHARMACIES),
    row("notices:own_history", PHARMACIES),
    *pages("notices:own_receipt", {"pharmacy"}, "own receipt", "own help"),
    *pages("notices:own_receipt", {"neighbour"}, "neighbour's receipt", "neighbour's help"),
    *pages("notices:own_receipt", {"other_pharmacy"}, "other's receipt", "other's help"),
    *pages("notices:own_receipt", NOBODY, "district's receipt", "own help"),
    row("notices:own_calendar", PHARMACIES),
    row("notices:own_receipt_calendar", {"pharmacy"}, "own receipt"),
    row("notices:own_receipt_calendar", {"other_pharmacy"}, "other's receipt"),
    row("notices:own_circulation", {"pharmacy"}, "own receipt"),
    row("notices:own_circulation", {"other_pharmacy"}, "other's receipt"),
    row("notices:own_circulation", NOBODY, "district's receipt"),
    # Personal addresses: whoever holds one, signed in or not
    *pages("notices:personal", EVERYBODY, "own token", "own help"),
    row("notices:personal_trailing", EVERYBODY, "own token", "。", get=302, post=404),
    row("notices:personal_trailing", EVERYBODY, "own token", "x", get=404, post=404),
    row("notices:personal_bare", EVERYBODY, get=404, post=200, data=sends(email="somebody@mail.example")),
    row("notices:personal", EVERYBODY, "district's token"),
    row("notices:personal_confirm", EVERYBODY, "district's token", get=302, post=302),
    row("notices:personal_finish", EVERYBODY, "district's token", get=302, post=409),
    row("notices:personal_steps", EVERYBODY, "district's token", get=404, post=404),
    row("notices:personal_help", EVERYBODY, "district's token", get=404, post=404),
    row("notices:personal_not_applicable", EVERYBODY, "district's token", get=404, post=404),
    *(row("notices:personal", EVERYBODY, f"{state} token") for state in ("unread", "informed", "confirmed")),
    *(row("notices:personal", EVERYBODY, f"{state} token") for state in ("finished", "not applicable")),
    row("notices:personal_steps", EVERYBODY, "finished token", post=302, data=sends(step="step", done="1")),
    row("notices:forwarded", EVERYBODY, "forward token"),
    *papers("notices:forwarded", EVERYBODY, "forward token"),
    *(closed("notices:personal", key) for key in ("forward token", "revoked token", "unknown")),
    *(closed("notices:personal_confirm", key) for key in ("forward token", "revoked token", "unknown")),
    *(closed("notices:forwarded", key) for key in ("own token", "district's token", "unknown")),
    # The components
    row("style", STAFF),
]

for organisation, who in (
    ("association", NOBODY),
    ("district", {"chair"}),
    ("other district", {"other_chair"}),
    ("pharmacy", {"chair"}),
    ("neighbour", {"chair"}),
    ("other pharmacy", {"other_chair"}),
):
    TABLE += [
        row("organisation", STAFF | who, organisation),
        row("notices:organisation_notices", STAFF | who, organisation),
    ]

for receipt, who in (
    ("district's receipt", {"chair"}),
    ("other district's receipt", {"other_chair"}),
    ("own receipt", NOBODY),
):
    TABLE += [
        row("notices:district_receipt", who, receipt),
        row("notices:district_papers", who, receipt),
        row("notices:district_calls", who, receipt),
        row("notices:district_accept", who, receipt, get=302, post=302),
        row("notices:district_pass_on", who, receipt, get=302, post=302),
        row("notices:district_take_back", who, receipt, get=302, post=302),
        *papers("notices:district_receipt", who, receipt),
    ]
