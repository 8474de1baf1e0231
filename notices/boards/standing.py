"""How far each recipient has come, one by one."""

import datetime as dt
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from notices.models import HelpRequest, Receipt, Release
from notices.models.receipt import ON_BEHALF, asked_again

# What `answer` gives, as the badges of the screen say it, too.
WORDS = {
    "finished": "完了",
    "not_applicable": "対象外",
    "on_behalf": "代理確認",
    "confirmed": "確認",
    "overdue": "期限超過",
    "unconfirmed": "未確認",
    "followed_up": "再周知済",
}

NEEDS_HELP = Exists(HelpRequest.objects.filter(receipt=OuterRef("pk"), closed_at=None))
STAGE = Case(
    When(asked_again=True, confirmed_at=None, then=Value(4)),
    When(confirmed_at=None, then=Value(0)),
    When(finished_at__isnull=False, then=Value(2)),
    When(not_applicable_at__isnull=False, then=Value(3)),
    default=Value(1),
    output_field=IntegerField(),
)


def under_way(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Those confirmed that are neither finished nor 対象外: where the set-up can be stuck."""
    return receipts.filter(confirmed_at__isnull=False, finished_at=None, not_applicable_at=None)


def answered_on_behalf(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Those of which somebody else gave an answer (代理)."""
    facts = ("confirmed", "finished", "not_applicable")
    return receipts.filter(reduce(or_, (Q(**{f"{fact}_via__in": ON_BEHALF}) for fact in facts)))


def with_answer(receipts: QuerySet[Receipt], release: Release | None = None) -> QuerySet[Receipt]:
    """Each receipt `with_marks`, and with `stage`, which puts answers in order.

    From unconfirmed to settled; behind them who answers a 再周知 instead.
    """
    return with_marks(receipts, release).annotate(stage=STAGE)


def with_marks(receipts: QuerySet[Receipt], release: Release | None = None) -> QuerySet[Receipt]:
    """Each receipt with `needs_help` and `asked_again`; of one `release` nothing makes known again, none is looked for.

    STAGE can be asked of these.
    """
    may_be_asked = release is None or release.is_repeated or release.through_districts
    return receipts.annotate(
        needs_help=NEEDS_HELP,
        asked_again=asked_again() if may_be_asked else Value(False, BooleanField()),
    )


def answer(receipt: Receipt, release: Release, today: dt.date, *, asked_again: bool = False) -> str:
    """The key of the badge that says what the recipient answered; whoever was `asked_again` answers a 再周知 now."""
    if receipt.finished_at:
        return "finished"
    if receipt.not_applicable_at:
        return "not_applicable"
    if receipt.confirmed_at:
        return "on_behalf" if receipt.confirmed_via in ON_BEHALF else "confirmed"
    if asked_again:
        return "followed_up"
    return "overdue" if release.deadline and release.deadline < today else "unconfirmed"


def in_words(receipt: Receipt, release: Release, today: dt.date) -> str:
    """The same of one of `with_answer` in words, for lists on paper and as files; empty where nothing is asked."""
    return WORDS[answer(receipt, release, today, asked_again=receipt.asked_again)] if release.asks_confirmation else ""


def on_behalf(receipt: Receipt) -> str:
    """How somebody else gave the answer that `answer` shows, 代理（電話）; empty where the recipient pressed itself."""
    for fact in ("finished", "not_applicable", "confirmed"):
        if getattr(receipt, f"{fact}_at"):
            is_so = getattr(receipt, f"{fact}_via") in ON_BEHALF
            return getattr(receipt, f"get_{fact}_via_display")() if is_so else ""
    return ""
