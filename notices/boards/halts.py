"""Where the set-up is stuck: for every pharmacy that confirmed and has not finished, the first step without a tick."""

from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)

from notices.boards.standing import under_way
from notices.checklist import ORDER
from notices.models import HelpRequest, Notice, Receipt, Release, Step, StepNote, StepTick

NOT_STARTED = "まだ始めていない"
ALL_TICKED = "すべて済み、「完了」を押していない"
NO_DEVICE = "端末の種類をまだ選んでいない"


@dataclass(frozen=True)
class Halt:
    """One place where pharmacies stand: a step with its number, or one of the places before and behind the steps."""

    place: str
    number: int | None
    title: str
    receipts: int
    asking: int
    step: Step | None = None
    note: StepNote | None = None

    @property
    def presses(self) -> bool:
        """Whether it wants a look: people ask for help here."""
        return self.asking > 0


def with_place(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Each receipt with `started` and `next_step`, the first step of its device without a tick.

    Steps go by their position, which is the same in a district's letter as in the notice that it passes on.
    """
    mine = Q(device="") | Q(device=OuterRef("device"))
    ticked = StepTick.objects.filter(
        Q(device="") | Q(device=OuterRef(OuterRef("device"))), receipt=OuterRef(OuterRef("pk")), step=OuterRef("pk")
    )
    steps = (
        Step.objects.filter(mine, ~Exists(ticked), notice=OuterRef("release__notice"))
        .exclude(group=Step.Group.REFERENCE)
        .order_by(_in_order(), "position")
    )
    return receipts.annotate(
        started=Exists(StepTick.objects.filter(receipt=OuterRef("pk"))),
        next_step=Subquery(steps.values("position")[:1]),
    )


def _in_order() -> Case:
    places = (When(group=group, then=Value(place)) for place, group in enumerate(ORDER))
    return Case(*places, default=Value(len(ORDER)), output_field=IntegerField())


def at(receipts: QuerySet[Receipt], place: str) -> QuerySet[Receipt]:
    """Those of the receipts that stand at the place of a Halt; none for a place that does not exist."""
    standing = with_place(under_way(receipts))
    if place == "start":
        return standing.filter(started=False)
    if place == "end":
        return standing.filter(started=True, next_step=None)
    return standing.filter(started=True, next_step=int(place)) if place.isdecimal() else receipts.none()


def of(release: Release) -> list[Halt]:
    """Where the pharmacies of the release stand, in the order of the steps, with the note beside the step.

    Places where nobody stands or asks, and beside which nothing was written, are left out.
    """
    prefetch_related_objects([release.notice], Prefetch("steps", Step.objects.select_related("note")))
    steps = numbered(release.notice)
    standing = with_place(under_way(Receipt.objects.whole(release).pharmacies()))
    rows = standing.order_by().values("started", "next_step").annotate(receipts=Count("pk"))
    found = {_place(row["started"], row["next_step"]): row["receipts"] for row in rows}
    asking = dict(
        HelpRequest.objects.filter(receipt__in=Receipt.objects.whole(release), closed_at=None)
        .order_by()
        .values_list("step__position")
        .annotate(Count("receipt", distinct=True))
    )
    halts = [Halt("start", None, NOT_STARTED, found.get("start", 0), asking.pop(None, 0))]
    for step, number in steps:
        place = str(step.position)
        stand, ask = found.get(place, 0), asking.get(step.position, 0)
        halts.append(Halt(place, number, _title(step), stand, ask, step, getattr(step, "note", None)))
    halts.append(Halt("end", None, _behind(steps), found.get("end", 0), 0))
    return [halt for halt in halts if halt.receipts or halt.asking or halt.note]


def numbered(notice: Notice) -> list[tuple[Step, int]]:
    """The steps to tick in their order, each with the number under which its pharmacies see it."""
    steps = [step for step in notice.steps.all() if step.ticked]
    steps.sort(key=lambda step: (ORDER.index(step.group), step.position))
    kinds = [*dict.fromkeys(step.device for step in steps if step.device)]
    seen = dict.fromkeys(["", *kinds], 0)
    found = []
    for step in steps:
        for kind in [step.device] if step.device else seen:
            seen[kind] += 1
        found.append((step, seen[step.device] if step.device else max(seen.values())))
    return found


def _place(started: bool, next_step: int | None) -> str:
    if not started:
        return "start"
    return str(next_step) if next_step else "end"


def _title(step: Step) -> str:
    return f"{step.title}（{step.get_device_display()}）" if step.device else step.title


def _behind(steps: list[tuple[Step, int]]) -> str:
    """What it means to have ticked all one sees: where the 端末 steps come with the device, perhaps none is chosen."""
    return f"{ALL_TICKED}、または{NO_DEVICE}" if any(step.device for step, _ in steps) else ALL_TICKED
