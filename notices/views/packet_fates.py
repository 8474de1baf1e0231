"""What becomes of each 文書 of a packet, as its page shows it and staff decide it."""

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from members.history import Actor
from notices.forms.packets import FateForm
from notices.intake import blanks, deciding, fates, kept
from notices.intake.fates import Fate, Reason
from notices.intake.kept import Kept
from notices.intake.reading import mark_of
from notices.intake.receiving import AlreadyRegistered
from notices.models import Packet
from notices.views.doors import staff_only
from notices.views.packet_tops import letter_url

DONE = {
    "leave_out": "この文書を除きました。いつでも取り消せます（登録するまで）。",
    "take_back": "除いたことを取り消しました。",
    "place": "別添にしました。題名は、送った側の文書の「別添・参考」で直せます。",
    "free": "別添から外しました。何の文書か、決めてください。",
}
# What must have been chosen.
NEEDED = {"leave_out": "reason", "place": "place"}


class OpenFate:
    """What becomes of the open 文書 of a packet."""

    def __init__(self, packet: Packet, index: int) -> None:
        self.packet, self.index, self.known = packet, index, packet.kept
        self.fate = fates.fate(self.known, index)
        self.may_change = packet.state == Packet.State.DOUBTFUL
        self.url = reverse("notices:packet_letter", args=[packet.pk, index + 1])
        self.reasons = fates.REASONS.items()

    @property
    def stands(self) -> bool:
        """Whether it is a letter, or may become one."""
        return self.fate in (Fate.LETTER, Fate.UNDECIDED)

    @property
    def is_undecided(self) -> bool:
        return self.fate == Fate.UNDECIDED

    @property
    def may_be_left_out(self) -> bool:
        return self.may_change and self.stands and len(kept.standing(self.known)) > 1

    @property
    def left_out(self) -> str:
        """Why it was left out; "" where it was not."""
        return fates.why_left_out(self.known["letters"][self.index])

    @property
    def held_as(self) -> str:
        """The attachment that these pages are; "" where they are none."""
        held = fates.held_by(self.known, self.index) if self.fate == Fate.PAGES else None
        return _place_label(self.known, *held) if held else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Of which attachment these pages may be the content."""
        return [
            (f"{outer}-{'new' if row is None else row}", _place_label(self.known, outer, row))
            for outer, row in deciding.places(self.known)
        ]

    @cached_property
    def twin(self) -> str:
        """The mark of another letter of the packet with the same number and issuer."""
        other = deciding.twin(self.known, self.index)
        return "" if other is None else mark_of(other)


def label_of(known: Kept, index: int) -> str:
    """How the page names a 文書: by who issued it, where that is known."""
    letter, fate = known["letters"][index], fates.fate(known, index)
    if fate == Fate.LEFT_OUT:
        return "除いた文書"
    return blanks.named(letter) if fate in (Fate.PAGES, Fate.UNDECIDED) else kept.issuer_label(letter)


def _place_label(known: Kept, outer: int, row: int | None) -> str:
    letter = known["letters"][outer]
    of = f"文書{mark_of(outer)}（{kept.issuer_label(letter)}　{kept.number_label(letter)}）"
    if row is None:
        return f"{of}に別添を足す"
    attachment = letter["attachments"][row]
    return f"{of}の{attachment['label']}{'　' if attachment['title'] else ''}{attachment['title']}"


@staff_only
@require_POST
def decide(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    """Leave a 文書 (counted from 1) out of its packet, or make pages without text an attachment; take either back."""
    packet = get_object_or_404(Packet.objects.visible_to(request.capacity), pk=pk)
    do, form = request.POST.get("do", ""), FateForm(request.POST)
    if do not in DONE or not form.is_valid() or not form.says(NEEDED.get(do)):
        wrong = "。".join(error for errors in form.errors.values() for error in errors)
        messages.error(request, f"何も変えていません。{wrong or '選んでから、もう一度押してください'}。")
        return redirect(letter_url(packet, index - 1))
    try:
        _decide(packet, index - 1, request.actor, do, form)
    except (deciding.CannotDecide, AlreadyRegistered) as error:
        messages.warning(request, f"何も変えていません。{error}")
    else:
        messages.success(request, DONE[do])
    return redirect(letter_url(packet, index - 1))


def _decide(packet: Packet, index: int, actor: Actor, do: str, form: FateForm) -> None:
    if do == "leave_out":
        reason = Reason(form.cleaned_data["reason"])
        deciding.leave_out(packet, index, reason, actor, form.cleaned_data["note"])
    elif do == "take_back":
        deciding.take_back(packet, index, actor)
    elif do == "place":
        deciding.place(packet, index, *form.outer_and_row, actor)
    else:
        deciding.free(packet, index, actor)


@staff_only
@require_POST
def turn(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """Turn a page a quarter to the right; back to the part (`letter`) that shows it."""
    packet = get_object_or_404(Packet.objects.visible_to(request.capacity), pk=pk)
    try:
        deciding.turn(packet, page, request.actor)
    except (deciding.CannotDecide, AlreadyRegistered) as error:
        messages.warning(request, f"何も変えていません。{error}")
    part = request.POST.get("letter", "")
    shown = f"?letter={part}" if part == "rest" or part.isdecimal() else ""
    return redirect(f"{packet.get_absolute_url()}{shown}#page-{page}")
