"""What belongs to a letter on staff's pages: its chain with addresses, its relations as lines, what was mended."""

from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse

from notices.boards.chain import Stop
from notices.follow_ups import later
from notices.intake import kept
from notices.models import Notice, Relation
from notices.succession import Successor
from notices.templatetags.badges import BADGES
from notices.templatetags.screen import wareki
from notices.views.links import Link
from notices.views.records import LABELS

# What the sheet of a letter shows of what a packet keeps of it.
ON_LETTER = (
    *("numbers", "date", "addressees", "honorific", "issuers", "subject"),
    *("body", "items", "attachments", "contact"),
)

# What the notice at hand is to the other, where the relation was written down there.
SEEN_FROM_TARGET = {
    Relation.Kind.ENCLOSES: "別添として送付した通知",
    Relation.Kind.FOLLOWS_UP: "再周知した通知",
    Relation.Kind.CORRECTS: "訂正した通知",
    Relation.Kind.WITHDRAWS: "廃止した通知",
    Relation.Kind.CITES: "参照している通知",
}
# The same while that is a draft.
DRAFTED_FOR_TARGET = {
    Relation.Kind.ENCLOSES: "別添として送付する下書き",
    Relation.Kind.FOLLOWS_UP: "再周知の下書き",
    Relation.Kind.CORRECTS: "訂正の下書き",
    Relation.Kind.WITHDRAWS: "廃止の下書き",
    Relation.Kind.CITES: "参照している下書き",
}
SEEN_FROM_SOURCE = {
    Relation.Kind.ENCLOSES: "別添の文書",
    Relation.Kind.FOLLOWS_UP: "再周知の元",
    Relation.Kind.CORRECTS: "訂正の対象",
    Relation.Kind.WITHDRAWS: "廃止の対象",
    Relation.Kind.CITES: "参照",
}


def mended(letter: Notice) -> list[str]:
    """The names of what stands on the letter of a packet otherwise than it was read, since staff have mended it."""
    if letter.packet is None:
        return []
    read, now = (known["letters"][letter.packet_order] for known in (letter.packet.reading, letter.packet.kept))
    changed = kept.changed_fields(read, now)
    return [LABELS[name] for name in ON_LETTER if name in changed]


def linked(stops: Iterable[Stop]) -> list[Stop]:
    """The stops of a chain, each letter with the address of its page."""
    return [replace(stop, url=_page(stop.notice_id)) if stop.notice_id else stop for stop in stops]


def _page(notice_id: int) -> str:
    return reverse("notices:notice", args=[notice_id])


def relations(notice: Notice) -> list[Link]:
    """What this notice has to do with others, and others with it."""
    named = "issuers__organisation"
    own = notice.relations.select_related("target").prefetch_related("target__numbers", f"target__{named}")
    # Districts' letters stand in the table of the districts.
    others = (
        notice.related_from.exclude(source__release__passes_on__isnull=False)
        .select_related("source")
        .prefetch_related("source__numbers", f"source__{named}")
    )
    shown = [(SEEN_FROM_SOURCE[each.kind], each.target, each) for each in own]
    shown += [(_seen_from_target(each), each.source, each) for each in others]
    replaced = later(other.pk for _, other, _ in shown if other)
    return [_related(label, other, each, replaced.get(other and other.pk)) for label, other, each in shown]


def _seen_from_target(relation: Relation) -> str:
    is_draft = relation.source.state == Notice.State.DRAFT
    return (DRAFTED_FOR_TARGET if is_draft else SEEN_FROM_TARGET)[relation.kind]


def _related(label: str, other: Notice | None, relation: Relation, by: Successor | None) -> Link:
    if other is None:
        day = f"（{wareki(relation.cited_date)}）" if relation.cited_date else ""
        return Link(label, f"{relation.cited_number or '番号の記載なし'}{day}", about="台帳にありません")
    day = f"（{wareki(other.date)}）" if other.date else ""
    title = other.number_text or f"「{other.subject}」"
    if not other.numbers.all():
        title = f"{other.issuer_names} {title}".strip()
    return Link(label, f"{title}{day}", _page(other.pk), BADGES[by.badge].word if by else "")
