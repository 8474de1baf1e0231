"""Pages of received packets: the list, taking one in, checking what was read, registering it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from members import access
from members.uploads.refusals import UnusableFile
from notices.filters.packets import PacketFilter
from notices.forms.packets import PacketForm
from notices.forms.readings import ReadingForm
from notices.intake import archive, kept, paper, pictures, waiting
from notices.intake.arriving import LeftOut, NotTakenIn
from notices.intake.receipt_numbers import ReceiptNumberTaken, next_receipt_number
from notices.intake.receiving import AlreadyReceived, AlreadyRegistered, ChangedMeanwhile, EnclosedInCircle
from notices.intake.registering import CannotRegister, DoubtsLeft, NumberTaken
from notices.models import Notice, Packet, PacketFile
from notices.procedures import take_in
from notices.tables.packets import PacketTable
from notices.templatetags.screen import desk_time
from notices.views import packet_page, records
from notices.views.doors import NOT_DRAFTING, staff_only
from notices.views.download import saved_file, shown_page
from notices.views.reading_sheet import form_of
from notices.views.typed import given_back, keeps_typed, posted

PER_PAGE = 50


@staff_only
@require_safe
def packets(request: HttpRequest) -> HttpResponse:
    """受領文書: what arrived, the latest first."""
    everything = Packet.objects.visible_to(request.capacity)
    chosen = PacketFilter(request.GET, everything.with_issued().with_waiting_since().defer("text"))
    table = PacketTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"table": table, "filter": chosen, "any": everything.exists()}
    return render(request, "packets/packets.html", context)


@keeps_typed
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def packet_new(request: HttpRequest) -> HttpResponse:
    """Take a packet in; one that came before is shown instead."""
    data, number = posted(request), next_receipt_number(timezone.localdate())
    waits = waiting.given(data.get("waiting", "") if data else "", request.actor.account)
    form = PacketForm(data, request.FILES or None, next_number=number, waiting=waits)
    if request.method == "POST" and (answer := _taken_in(request, form)):
        return answer
    each, together = settings.UPLOAD_MAX_BYTES // 1024**2, settings.REQUEST_MAX_BYTES // 1024**2
    limits = f"1 つ {each} MB、合わせて {together} MB "
    return render(request, "packets/new.html", {"form": form, "limits": limits})


def _taken_in(request: HttpRequest, form: PacketForm) -> HttpResponse | None:
    """The answer once the packet is taken in, or was before. None where it is refused: files that were fine wait."""
    account, waits = request.actor.account, form.waiting
    if not form.is_valid():
        # Beside a text no file can be meant to wait: it would stand in the way of the text ever after.
        if (form.files or form.left_out) and not form.is_pasted:
            form.wait(waiting.keep(form.placed, {}, account))
        return None
    files = form.incoming()
    try:
        packet = take_in.receive_files(files, request.actor, form.cleaned_data["receipt_number"], form.left_out)
    except NotTakenIn as error:
        form.wait(waiting.keep(form.placed, error.refused or dict.fromkeys(files, str(error)), account))
        form.add_error("text" if form.is_pasted else "files", str(error))
        return None
    except ReceiptNumberTaken as error:
        form.wait(waiting.keep(form.placed, {}, account))
        form.add_error("receipt_number", str(error))
        return None
    except AlreadyReceived as error:
        waiting.drop(waits)
        _tell_left_out(request, form.left_out)
        return _shown_first(request, error.packet, error.index)
    waiting.drop(waits)
    _tell_received(request, packet, len(files))
    _tell_left_out(request, form.left_out)
    return redirect("notices:packet", packet.pk)


def _tell_received(request: HttpRequest, packet: Packet, chosen: int) -> None:
    number = f"受領しました。収受番号は {packet.receipt_number} です。"
    doubled = "同じファイルが二度選ばれていたので、一つにしました。" if chosen > packet.packet_files.count() else ""
    messages.success(request, f"{number}{doubled}読み取りを確かめてください。")


def _tell_left_out(request: HttpRequest, left_out: Sequence[LeftOut]) -> None:
    if left_out:
        names = "、".join(file.told for file in left_out)
        messages.warning(
            request,
            f"受領していないファイルがあります：{names}。要るときは、読めるファイルを用意し、別の受領文書として受領して"
            "ください。",
        )


def _shown_first(request: HttpRequest, packet: Packet, index: int | None) -> HttpResponse:
    first = f"収受 {packet.receipt_number}（{desk_time(packet.received_at)}）"
    if index is not None:
        messages.info(
            request,
            f"この文書は、ほかの文書といっしょに、すでに受け取っています。会員へはまだ伝えていません。{first}の、この文書を"
            "開きました。通知はここから作れます。新しい受領文書は作っていません。",
        )
        return redirect(packet_page.letter_url(packet, index))
    messages.info(request, f"この文書は、すでに受け取っています。{first}を開きました。新しい受領文書は作っていません。")
    return redirect("notices:packet", packet.pk)


@keeps_typed
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def packet(request: HttpRequest, pk: int) -> HttpResponse:
    """One packet: the original beside what was read, to correct and to register."""
    visible = Packet.objects.visible_to(request.capacity)
    found = get_object_or_404(
        visible.prefetch_related(Prefetch("packet_files", PacketFile.objects.select_related("file"))), pk=pk
    )
    index = packet_page.chosen_part(found, request.GET.get("letter", ""))
    if request.method != "POST":
        typed = given_back(request) if found.state == Packet.State.DOUBTFUL and index is not None else None
        return _page(request, found, index, form_of(found, index, typed) if typed else None)
    do = request.POST.get("do", "save")
    if found.state == Packet.State.DOUBTFUL and index is not None:
        form = form_of(found, index, request.POST)
        if not form.is_whole:
            messages.error(request, "画面の一部しか届かなかったため、何も変えていません。もう一度入力してください。")
            return redirect(request.get_full_path())
        if not form.is_valid():
            _show_taken(form, do)
            return _page(request, found, index, form)
        try:
            found = take_in.correct(found, {index: _settled(form, do)}, request.actor, {index: form.seen})
        except ChangedMeanwhile as error:
            form.show_meanwhile(error.packet.letters[index])
            return _page(request, error.packet, index, form)
        except EnclosedInCircle as error:
            form.values.add_error(None, str(error))
            return _page(request, found, index, form)
        except AlreadyRegistered:
            messages.info(request, "この受領文書は、ほかの人が登録したか閉じました。いまの入力は保存していません。")
            return redirect("notices:packet", pk)
    if do in ("register", "record"):
        return _register(request, found, do)
    return redirect(_after_saving(request, found, index, do))


def _page(request: HttpRequest, found: Packet, index: int | None, form: ReadingForm | None = None) -> HttpResponse:
    name = "packets/packet.html" if found.state == Packet.State.DOUBTFUL else "packets/registered.html"
    as_text = request.GET.get("view") == packet_page.AS_TEXT
    page = packet_page.PacketPage(found, index, form, as_text=as_text)
    return render(
        request, name, {"page": page, "packet": found, "files": found.packet_files.all(), "records": records.of(found)}
    )


def _settled(form: ReadingForm, do: str) -> kept.Letter:
    """The letter as typed and decided: settle-0 leaves a doubt, take-0 takes the coming day, cite-0-12 a notice."""
    name, _, warning = do.partition("-")
    letter = form.letter()
    if name == "cite":
        return _citing(letter, warning)
    if name not in ("settle", "take") or not warning.isdecimal():
        return letter
    coming = kept.coming_deadline(letter, int(warning)) if name == "take" else None
    if coming and not letter["deadline"]:
        letter = letter | {"deadline": coming.isoformat()}
    return kept.settled(letter, warning=int(warning))


def _show_taken(form: ReadingForm, do: str) -> None:
    """In a form that is refused, the day that its button takes: it is not to be decided once more."""
    name, _, warning = do.partition("-")
    coming = kept.coming_deadline(form.read, int(warning)) if name == "take" and warning.isdecimal() else None
    if coming:
        form.show_deadline(coming)


def _citing(letter: kept.Letter, choice: str) -> kept.Letter:
    """The letter with the date of the notice that it cites by a number without 年度: by both it is found again."""
    row, _, key = choice.partition("-")
    references = [dict(one) for one in letter["references"]]
    cited = references[int(row)] if row.isdecimal() and int(row) < len(references) else None
    found = archive.candidates(cited["number"], letter) if cited and cited["number"] else []
    if chosen := next((notice for notice in found if str(notice.pk) == key), None):
        cited["date"] = chosen.date.isoformat()
    return letter | {"references": references}


def _after_saving(request: HttpRequest, found: Packet, index: int | None, do: str) -> str:
    page = packet_page.PacketPage(found, index)
    here = request.get_full_path()
    if do.startswith(("settle", "take")):
        return page.next_doubt or here
    messages.success(request, "保存しました。登録するまで、いつでも直せます。")
    return _then(request, page) or here


def _then(request: HttpRequest, page: packet_page.PacketPage) -> str:
    """Where somebody was going whose corrections were saved on the way: to another part of the packet; "" elsewhere."""
    wanted = request.POST.get("then", "")
    return wanted if urlsplit(wanted)[:3] == ("", "", page.packet.get_absolute_url()) else ""


def _register(request: HttpRequest, found: Packet, do: str) -> HttpResponse:
    if do == "register" and not access.can_draft(request.capacity):
        messages.error(request, f"登録はまだしていません。入力は保存しました。通知を作るのは、{NOT_DRAFTING}")
        return redirect(request.get_full_path())
    wanted = request.POST.get("top", "")
    index = int(wanted) if wanted.isdecimal() and len(wanted) < 4 else None
    several = len(kept.tops(found.kept)) > 1
    do = "record" if several and index is None else do
    try:
        notice = (
            take_in.register(found, request.actor, index) if do == "register" else take_in.record(found, request.actor)
        )
    except Notice.DoesNotExist as error:
        raise Http404(f"packet {found.pk} has no top letter {wanted}") from error
    except NumberTaken as error:
        messages.error(request, f"{error}登録はまだしていません。入力は保存しました。")
        return redirect(packet_page.letter_url(found, error.letter))
    except DoubtsLeft as error:
        messages.warning(request, f"{error}登録はまだしていません。入力は保存しました。")
        return redirect(packet_page.PacketPage(found, error.letter).next_doubt)
    except CannotRegister as error:
        messages.warning(request, f"{error}登録はまだしていません。入力は保存しました。")
        return redirect(packet_page.letter_url(found, error.letter))
    if do == "record":
        told = "登録しました。通知は、この画面からいつでも作れます。"
        if several:
            told = "登録しました。文書ごとに、通知を作るか、会員へは伝えないかを決めてください。"
        if found.kept["steps"]:
            told += "手引きから読み取った設定手順は、そのときに入ります。"
        messages.success(request, told)
        return redirect("notices:packet", found.pk)
    if notice.state == Notice.State.RELEASED:
        return redirect("notices:notice", notice.pk)
    messages.success(request, f"登録しました。発出する通知の下書きを開きました。{_steps_told(found, notice)}")
    return redirect("notices:compose", notice.pk)


def _steps_told(packet: Packet, draft: Notice) -> str:
    """What became of the steps that were read in the guides of the packet."""
    steps = list(draft.steps.all())
    if not steps and len(kept.tops(packet.kept)) > 1:
        return ""  # they belong to another letter of it
    if not steps:
        left = len(packet.kept["steps"])
        return f"手引きから読み取った設定手順（{left} 行）は、この下書きには入っていません。" if left else ""
    ticked = sum(step.ticked for step in steps)
    links = f"、済みを付けない参照 {len(steps) - ticked} 行" if ticked < len(steps) else ""
    asks = f"お願いの種類は「{draft.release.get_ask_display()}」です。"
    return f"手引きから読み取った設定手順（{ticked} 手順{links}）も入れました。{asks}確かめてください。"


@staff_only
@require_safe
def packet_file(request: HttpRequest, pk: int, position: int = 0) -> HttpResponse:
    """A file as it arrived, or its copy without what acts, to be saved."""
    visible = PacketFile.objects.filter(packet__in=Packet.objects.visible_to(request.capacity)).select_related("file")
    found = get_object_or_404(visible, packet=pk, position=position)
    return saved_file(found.file, found.name, "application/octet-stream")


@staff_only
@require_safe
def packet_picture(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """A page of a packet's PDFs as a picture, counted from 1."""
    found = get_object_or_404(Packet.objects.visible_to(request.capacity), pk=pk)
    pages = [each for each in paper.pages_of(found) if each.number == page and each.file.is_pdf]
    if not pages:
        raise Http404(f"packet {pk} has no picture of page {page}")
    try:
        sheet = pictures.sheets(pages[0].file.file, [pages[0].index])[pages[0].index]
    except UnusableFile as error:
        raise Http404(f"page {page} of packet {pk} cannot be drawn") from error
    return shown_page(pictures.turned(sheet.picture, pages[0].turn) if pages[0].turn else sheet.picture)
