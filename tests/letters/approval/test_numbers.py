"""Numbers and their ledger, whatever happens to approvals: none is there twice, and none is lost."""

import datetime as dt
from itertools import count

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members import wareki
from members.history import Actor
from notices.letters import composing, ledger, numbering
from notices.letters.ledger import Use
from notices.models import Approval, DocumentNumber, Notice
from notices.procedures import approve, issue
from tests.boards.reading import rows, text_of
from tests.cast import Cast
from tests.letters.approval.reading import ANOTHER_YEAR, today
from tests.letters.approval.together import together

STEPS = st.lists(st.sampled_from(["approve", "discard", "next year", "outside", "void"]), min_size=1, max_size=8)
letters = count(1)


def uses(cast: Cast) -> list[tuple[Use, int]]:
    expected = numbering.expected(cast.association, today())
    found = ledger.entries(expected.series, wareki.fiscal_year(today()))
    return [(entry.use, entry.serial) for entry in found]


def enter(cast: Cast, actor: Actor, **said: str) -> DocumentNumber:
    """The next number is used outside of the site, or left out."""
    return ledger.enter(numbering.expected(cast.association, today()).text, actor, dated=today(), **said)


def test_the_ledger_tells_what_a_draft_has_its_number_for(
    cast: Cast, draft: Notice, staff: Actor, administrator: Actor
) -> None:
    typed = numbering.expected(cast.association, today()).text
    numbering.claim(draft, cast.association, typed)
    assert uses(cast) == [(Use.DRAFT, 1)]
    asked = approve.ask(draft.pk, today(), staff)
    assert uses(cast) == [(Use.ASKED, 1)]
    shown = cast.client("staff").get(reverse("notices:ledger"))
    assert rows(shown)[0][3] == "決裁待ち"
    approve.approve(asked.pk, today(), administrator)
    assert uses(cast) == [(Use.APPROVED, 1)]
    issue.release(draft.pk, staff)
    assert uses(cast) == [(Use.RELEASED, 1)]


def test_a_number_reserved_in_vain_is_explained_and_cannot_be_freed(cast: Cast, draft: Notice, staff: Actor) -> None:
    cast.approved(draft)
    approve.reopen(draft.pk, staff)
    composing.discard(draft.pk, staff)
    line = DocumentNumber.objects.get()
    desk = cast.client("staff")
    assert "決裁のあとで下書きを破棄" in text_of(desk.get(reverse("notices:ledger")))
    assert "この記入を取り消す" not in text_of(desk.get(reverse("notices:ledger_line", args=[line.pk])))
    assert desk.post(reverse("notices:ledger_remove", args=[line.pk])).status_code == 404
    with pytest.raises(DocumentNumber.DoesNotExist):
        ledger.remove(line.pk, staff)
    assert uses(cast) == [(Use.VOID, 1)]


def test_a_reserved_number_is_not_taken_away_by_typing_another(cast: Cast, draft: Notice, staff: Actor) -> None:
    cast.approved(draft)
    approve.reopen(draft.pk, staff)
    reserved = draft.numbers.get()
    assert numbering.claim(draft, cast.association, "") == reserved
    assert numbering.claim(draft, cast.association, "福薬業発第350号") == reserved
    assert list(DocumentNumber.objects.all()) == [reserved]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_no_number_is_there_twice_and_none_is_lost(cast: Cast, steps: list[str]) -> None:
    staff, given_out = cast.actor("staff"), set(DocumentNumber.objects.values_list("text", flat=True))
    for step in steps:
        expected = numbering.expected(cast.association, today()).text
        assert expected not in given_out
        if step in ("outside", "void"):
            said = {"subject": "委嘱状"} if step == "outside" else {"void_reason": "書き損じ"}
            given_out.add(enter(cast, staff, **said).text)
            continue
        letter = cast.approved(cast.draft(f"通知 {next(letters)}"))
        assert letter.number_text == expected
        given_out.add(letter.number_text)
        if step == "approve":
            continue
        approve.reopen(letter.pk, staff)
        if step == "discard":
            composing.discard(letter.pk, staff)
        else:
            given_out.add(cast.approved(letter, ANOTHER_YEAR).number_text)
    assert set(DocumentNumber.objects.values_list("text", flat=True)) == given_out
    assert Use.MISSING not in {use for use, _ in uses(cast)}


@pytest.mark.django_db(transaction=True)
def test_approvals_and_entries_at_once_leave_neither_a_double_nor_a_hole(
    cast: Cast, staff: Actor, administrator: Actor
) -> None:
    requests = [approve.ask(cast.draft(f"通知 {place}").pk, today(), staff) for place in range(4)]

    def decide(request: Approval) -> Approval:
        return approve.approve(request.pk, today(), administrator)

    def write() -> DocumentNumber:
        while True:
            try:
                return enter(cast, staff, subject="委嘱状")
            except numbering.NumberTaken:
                continue

    together(write, write, *(lambda each=each: decide(each) for each in requests))
    serials = sorted(DocumentNumber.objects.values_list("serial", flat=True))
    assert serials == [1, 2, 3, 4, 5, 6]
    assert DocumentNumber.objects.filter(notice__isnull=False).count() == 4


def test_dates_that_an_approval_gave_go_with_it(cast: Cast, draft: Notice, staff: Actor) -> None:
    """Also those of a letter that came with a packet and without a date."""
    own = cast.draft("日付のない届いた文書")
    Notice.objects.filter(pk=own.pk).update(number_fixed=True)
    for letter, kept in ((draft, None), (own, None), (cast.draft("日付のある文書"), dt.date(2024, 10, 30))):
        if kept:
            Notice.objects.filter(pk=letter.pk).update(number_fixed=True, date=kept)
        letter.refresh_from_db()
        assert cast.approved(letter).date == (kept or today())
        approve.reopen(letter.pk, staff)
        assert Notice.objects.get(pk=letter.pk).date == kept
