"""設定手順 as one recipient sees them: which steps are for its device, which are ticked, which is next."""

from dataclasses import dataclass, field

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from notices.checklist import checklist
from notices.models import Receipt, Step, StepNote, StepTick


@dataclass
class Item:
    """One step to tick; `number` counts what this recipient sees, from 1."""

    number: int
    step: Step
    tick: StepTick | None = None
    note: StepNote | None = None
    is_next: bool = False

    @property
    def ticked_today(self) -> bool:
        return self.tick is not None and timezone.localdate(self.tick.ticked_at) == timezone.localdate()


@dataclass
class Work:
    """The steps of one receipt.

    Those of the 端末 group are for every kind of device or for one; before a kind is chosen only the former count. The
    kind is asked for (`asks_device`) only where a step depends on it.
    """

    pc: list[Item] = field(default_factory=list)
    other: list[Item] = field(default_factory=list)
    device: list[Item] = field(default_factory=list)
    references: list[Step] = field(default_factory=list)
    asks_device: bool = False

    @property
    def items(self) -> list[Item]:
        return self.pc + self.other + self.device

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def done(self) -> int:
        return sum(item.tick is not None for item in self.items)

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def words(self) -> str:
        return words(self.done, self.total)

    @property
    def next(self) -> Item | None:
        return next((item for item in self.items if item.is_next), None)


def words(done: int, total: int) -> str:
    """How far the set-up has come, in the words of a pharmacy's pages."""
    return f"{total} 項目すべて済み" if done == total > 0 else f"{total} 項目のうち {done} 項目済み"


def device_of(step: Step, receipt: Receipt) -> str:
    """The kind of device under which the receipt keeps its tick of the step."""
    return receipt.device if step.group == Step.Group.DEVICE else ""


def work(receipt: Receipt) -> Work:
    """The receipt's steps in their order."""
    ticks = {(tick.step_id, tick.device): tick for tick in receipt.ticks.all()}
    listed = checklist(receipt.release.notice.steps.select_related("picture"), receipt.device)
    notes = StepNote.objects.beside(line.step for line in listed.pc + listed.other + listed.device)
    found = Work(references=listed.references, asks_device=listed.asks_device)
    for lines, place in ((listed.pc, found.pc), (listed.other, found.other), (listed.device, found.device)):
        for line in lines:
            tick = ticks.get((line.step.pk, device_of(line.step, receipt)))
            place.append(Item(line.number, line.step, tick, notes.get(line.step.pk)))
    following = next((item for item in found.items if item.tick is None), None)
    if following:
        following.is_next = True
    return found


def with_progress(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Each receipt with `steps_total` and `steps_done`, counted as `work` counts them, in the same query."""
    mine = Q(device="") | Q(device=OuterRef("device"))
    steps = Step.objects.filter(mine, notice=OuterRef("release__notice")).exclude(group=Step.Group.REFERENCE)
    ticks = StepTick.objects.filter(
        (~Q(step__group=Step.Group.DEVICE) & Q(device=""))
        | Q(step__group=Step.Group.DEVICE, device=OuterRef("device")),
        Q(step__device="") | Q(step__device=F("device")),
        receipt=OuterRef("pk"),
    )
    return receipts.annotate(
        steps_total=Coalesce(Subquery(steps.order_by().values("notice").annotate(n=Count("pk")).values("n")), 0),
        steps_done=Coalesce(Subquery(ticks.order_by().values("receipt").annotate(n=Count("pk")).values("n")), 0),
    )
