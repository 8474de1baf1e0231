"""The way of a notice: who wrote to whom, when, and how many days each hop took."""

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise

from django.db.models import Min, QuerySet
from django.utils import timezone

from members import wareki
from members.models.organisation import Kind
from notices.models import Delivery, Notice, Receipt, Relation, Release
from notices.models.receipt import Reach

# A chain longer than this is a mistake in the relations, not a way.
LONGEST = 12
# Up to this many days no hop is called slow, however much longer than the others it was.
USUAL_DAYS = 7
# By which an office takes up what it had written before. What is withdrawn leads to nobody any more.
AGAIN = (Relation.Kind.FOLLOWS_UP, Relation.Kind.CORRECTS)
# How the names of a ministry's parts end.
DIVISIONS = ("局", "部", "課", "室", "班")
UNNAMED = "発出元の記載なし"


@dataclass(frozen=True)
class Stop:
    """One stop. `gap_days` and `slow` belong to the hop that leaves it; both are empty at the last stop.

    `left_on` is the day from which that hop counts, where it is not `date`: a letter that was released later.
    """

    organisation: str
    date: dt.date | None
    document: str = ""
    note: str = ""
    passed: bool = True
    gap_days: int | None = None
    slow: bool = False
    notice_id: int | None = None
    left_on: dt.date | None = None
    url: str = ""


@dataclass(frozen=True)
class Summary:
    """What the chain says in words: days until half of the recipients answered, and the longest hop."""

    days: int | None
    slowest_from: str = ""
    slowest_to: str = ""
    slowest_days: int = 0


def stops(notice: Notice, untold: int = 0) -> list[Stop]:
    """From the first letter to the notice and, once it is released, to the districts and the pharmacies.

    `untold` are pharmacies that it concerns and that wait for a letter of their district: half is half of all.
    """
    release = Release.objects.filter(notice=notice, released_at__isnull=False).first()
    way = letters(notice)
    return measured(way + _recipients(release, untold)) if release else way


def letters(notice: Notice) -> list[Stop]:
    """From the first letter to the notice: only the letters, with the days between them."""
    way = sources(notice)
    kinds = {relation.source_id: relation.get_kind_display() for relation in _written_again(way)}
    return measured([_letter(each, kinds.get(each.pk, "")) for each in way])


def summary(way: list[Stop]) -> Summary:
    """The chain in words; without days where the last stop or the first has no date yet."""
    days = (way[-1].date - way[0].date).days if way and way[0].date and way[-1].date else None
    for here, there in pairwise(way):
        if here.slow:
            return Summary(days, here.organisation, there.organisation, here.gap_days)
    return Summary(days)


def sources(notice: Notice) -> list[Notice]:
    """The letters from the first to the notice itself.

    What a 再周知 or a correction takes up lies before it on the way, with what had led to that one; but not where
    another letter from above has led to it.
    """
    way, seen = _enclosed(notice), set()
    while relation := _written_again(way).exclude(source__in=seen).first():
        seen.add(relation.source_id)
        earlier, place = _enclosed(relation.target), [each.pk for each in way].index(relation.source_id)
        if {each.pk for each in way[:place]} < {each.pk for each in earlier}:
            way = [*earlier, *way[place:]]
    return way


def _written_again(way: list[Notice]) -> QuerySet[Relation]:
    """Of the letters on the way, those by which an office takes up what it had released before."""
    released = Relation.objects.filter(source__in=way, kind__in=AGAIN, target__release__released_at__isnull=False)
    return released.select_related("target").order_by("pk")


def _enclosed(notice: Notice) -> list[Notice]:
    """The letters from the first to the notice as each encloses the one before.

    Where a letter encloses several, the longest way counts, and of equal ways the one that was noted first.
    """
    found = {notice.pk: notice}
    above: dict[int, int] = {}
    level = [notice.pk]
    for _ in range(LONGEST):
        enclosed = Relation.objects.filter(kind=Relation.Kind.ENCLOSES, source__in=level).select_related("target")
        fresh = [relation for relation in enclosed.order_by("pk") if relation.target_id not in found]
        if not fresh:
            break
        level = []
        for relation in fresh:
            if relation.target_id not in found:
                found[relation.target_id] = relation.target
                above[relation.target_id] = relation.source_id
                level.append(relation.target_id)
    # The last level holds the ends of the longest ways.
    key = level[0]
    way = [key]
    while key in above:
        key = above[key]
        way.append(key)
    return [found[each] for each in way]


def _section(notice: Notice) -> str:
    """The division of a ministry that wrote, which its short name leaves out; nothing of joint letters."""
    issuers = [issuer.organisation for issuer in notice.issuers.all()]
    if len(issuers) != 1 or issuers[0].kind != Kind.ISSUER:
        return ""
    rest = issuers[0].name.removeprefix(issuers[0].short_name).strip()
    return rest if rest != issuers[0].name and rest.endswith(DIVISIONS) else ""


def _letter(notice: Notice, kind: str) -> Stop:
    released_on = Release.objects.filter(notice=notice).values_list("released_on", flat=True).first()
    is_later = released_on and released_on != notice.date
    return Stop(
        organisation=notice.issuer_names or UNNAMED,
        date=notice.date,
        document=notice.number_text,
        note="　".join(
            filter(None, [_section(notice), kind, f"{wareki.short_date(released_on)} に発出" if is_later else ""])
        ),
        passed=notice.state != Notice.State.DRAFT,
        notice_id=notice.pk,
        left_on=released_on,
    )


def _recipients(release: Release, untold: int) -> list[Stop]:
    receipts = Receipt.objects.whole(release)
    districts = _passing_on if release.through_districts else _confirming
    pharmacies = _confirming if release.asks_confirmation else _reached
    found = [
        districts("地区薬剤師会", receipts.districts(), word="受領"),
        pharmacies("会員薬局", receipts.pharmacies(), untold),
    ]
    return [stop for stop in found if stop]


def _passing_on(organisation: str, receipts: QuerySet[Receipt], word: str = "") -> Stop | None:
    """Districts through which a notice goes: the day by which half of them had passed it on."""
    done = receipts.filter(finished_at__isnull=False)
    times = done.order_by("finished_at").values_list("finished_at", flat=True)
    return _many(organisation, "会員に発出", times, done.count(), receipts.count())


def _confirming(organisation: str, receipts: QuerySet[Receipt], untold: int = 0, word: str = "確認") -> Stop | None:
    """Recipients who are asked to confirm."""
    confirmed = receipts.confirmed()
    times = confirmed.order_by("confirmed_at").values_list("confirmed_at", flat=True)
    return _many(organisation, word, times, confirmed.count(), receipts.count() + untold)


def _reached(organisation: str, receipts: QuerySet[Receipt], untold: int) -> Stop | None:
    """Recipients of whom nothing is asked: the message was sent, or it was not."""
    sent = receipts.filter(reach=Reach.SENT)
    messages = Delivery.objects.filter(receipt__in=sent, state=Delivery.State.SENT).order_by()
    times = messages.values("receipt").annotate(first=Min("settled_at")).order_by("first")
    everybody = receipts.count() + untold
    return _many(organisation, "送信済", times.values_list("first", flat=True), sent.count(), everybody)


def _many(organisation: str, word: str, times: QuerySet, done: int, everybody: int) -> Stop | None:
    """Many recipients as one stop, dated on the day by which half of them had; passed once all have."""
    if not everybody:
        return None
    half = (everybody + 1) // 2
    middle = times[half - 1 : half].first()
    return Stop(
        organisation=organisation,
        date=timezone.localdate(middle) if middle else None,
        document=f"{word} {done:,} / {everybody:,}",
        note="（半数が済んだ日）" if middle else "",
        passed=done >= everybody,
    )


def measured(way: list[Stop]) -> list[Stop]:
    """The same stops with the days of each hop, the longest one marked."""
    gaps = [_gap(here, there) for here, there in pairwise(way)]
    longest = max((gap for gap in gaps if gap is not None), default=0)
    slowest = gaps.index(longest) if longest > USUAL_DAYS else None
    return [
        replace(stop, gap_days=gap, slow=place == slowest)
        for place, (stop, gap) in enumerate(zip(way, [*gaps, None], strict=True))
    ]


def _gap(here: Stop, there: Stop) -> int | None:
    """Days of a hop; None where a date is missing, or where the dates run backwards and one of them is misread.

    Between two letters of one office nothing was on its way.
    """
    if here.organisation == there.organisation != UNNAMED:
        return None
    start = here.left_on or here.date
    days = (there.date - start).days if start and there.date else None
    return days if days is None or days >= 0 else None
