"""The facts of a receipt: what a recipient declares, kept with when, by whom and how; one change at a time."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import transaction

from members import history
from members.history import Actor
from members.secrets import find_secret
from notices import succession
from notices.models import Receipt, Relation, Release
from notices.models.receipt import Via

# The facts that a verb of the history declares.
DECLARED = {f"receipt.{fact}": fact for fact in ("confirmed", "finished", "not_applicable")}


class Refused(Exception):
    """A declaration that the receipt's state does not allow. Its text is a sentence for the screen."""

    sentence: str

    def __init__(self) -> None:
        super().__init__(self.sentence)


class NothingAsked(Refused):
    """お知らせ: there is nothing to answer."""

    sentence = "この通知はお知らせです。お返事はいりません。"


class NotConfirmed(Refused):
    """What follows 確認 was pressed before it."""

    sentence = "まだ「確認しました」が押されていません。先に確認をお願いします。"


class SigninNeeded(Refused):
    """A district's personal address, which may be forwarded, confirms receipt only."""

    sentence = "この操作にはサインインが必要です。個人用URLからは受領の確認だけができます。"


class ByLetter(Refused):
    """地区を通して: members who got no letter cannot answer, whatever the chair says."""

    sentence = "この通知は、会員への文書を送ると「会員に周知しました」になります。「会員に送る」から進んでください。"


class LetterIsOut(Refused):
    """The district's letter to its members is on its way; that cannot be undone."""

    sentence = "会員への文書を送ってあるので、会員への周知は取り消せません。"


class Superseded(Refused):
    """Another notice is in this one's place: nothing more is declared of it, and what was declared before is kept."""

    sentences = {
        Relation.Kind.CORRECTS: (
            "この通知は訂正され、新しい通知に代わりました。今の操作は記録していません。{kept}新しい通知をご覧ください。"
        ),
        Relation.Kind.WITHDRAWS: (
            "この通知は廃止されました。今の操作は記録していません。{kept}今後は使わないでください。"
        ),
        Relation.Kind.FOLLOWS_UP: (
            "この通知は再周知されました。今の操作は記録していません。{kept}お返事は、再周知の通知にお願いします。"
        ),
    }

    def __init__(self, kind: Relation.Kind, *, confirmed: bool) -> None:
        kept = "前に確認した記録は残っています。" if confirmed else ""
        self.sentence = self.sentences[kind].format(kept=kept)
        super().__init__()


def refuse_superseded(receipt: Receipt) -> None:
    """Raises Superseded where a correction or a withdrawal of the notice is out, or its recipient was asked again."""
    release = receipt.release
    if (release.is_superseded or release.is_repeated) and (by := succession.successor_of(receipt)):
        raise Superseded(by.kind, confirmed=receipt.confirmed_at is not None)


class HoldsSecret(ValueError):
    """A text that may not be kept; the message is the reason in Japanese."""


def refuse_secrets(text: str) -> None:
    """Raises HoldsSecret for free text with a password, a code or a My Number in it."""
    if reason := find_secret(text):
        raise HoldsSecret(reason)


@contextmanager
def held(receipt_id: int, *, standing: bool = False) -> Iterator[Receipt]:
    """The receipt, locked until the end of the transaction that this opens. Raises Receipt.DoesNotExist.

    `standing`: its release is held before it, as everybody does, so that nothing supersedes the notice meanwhile.
    """
    with transaction.atomic():
        if standing:
            list(Release.objects.filter(receipts=receipt_id).select_for_update(no_key=True, of=("self",)))
        yield Receipt.objects.select_for_update(of=("self",)).select_related("release").get(pk=receipt_id)


def declare(receipt: Receipt, fact: str, *, actor: Actor, via: Via) -> None:
    """Set the fact ("confirmed", "finished" or "not_applicable") to now; the caller saves."""
    setattr(receipt, f"{fact}_at", history.moment())
    setattr(receipt, f"{fact}_via", via)
    setattr(receipt, f"{fact}_by", actor.account)


def columns(fact: str) -> list[str]:
    """What `declare` sets."""
    return [f"{fact}_at", f"{fact}_via", f"{fact}_by"]


def withdraw(receipt: Receipt, fact: str) -> None:
    """Unset the fact; the history keeps that it was declared. The caller saves."""
    setattr(receipt, f"{fact}_at", None)
    setattr(receipt, f"{fact}_via", "")
    setattr(receipt, f"{fact}_by", None)


def note(verb: str, receipt: Receipt, *, actor: Actor, via: Via, **detail: Any) -> None:
    """Append what happened to the receipt's history; that a fact was declared, with the very moment of the fact."""
    declared = DECLARED.get(verb)
    with history.dated(getattr(receipt, f"{declared}_at")) if declared else nullcontext():
        history.record(verb, receipt, actor=actor, organisation=receipt.organisation_id, via=via, **detail)
