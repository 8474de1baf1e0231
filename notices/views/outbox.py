"""送信箱: every mail as its recipient gets it; on the embedded site the only place where mails are read."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from members import access
from members.models.organisation import Channel
from notices.distribution import codes, gathering, message
from notices.filters.sending import MessageFilter
from notices.models import Delivery
from notices.models.delivery import DeliveryQuerySet
from notices.tables.sending import MessageTable
from notices.views.doors import only, staff_only

PER_PAGE = 50
LATEST_CODES = 20
# A mail is shown as a page of its own that runs nothing, loads nothing and sends nothing; its links may be followed.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@staff_only
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Mails, the latest first."""
    mails = _mails(request).prefetch_related("receipt__release__notice__numbers")
    narrowed = MessageFilter(request.GET, queryset=mails, request=request)
    narrows = narrowed.form.is_valid() and any(narrowed.form.cleaned_data.values())
    table = MessageTable(narrowed.qs, empty_text="条件に合うものはありません。" if narrows else None)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"filter": narrowed, "table": table, "kept": _kept()}
    context["codes_too"] = context["kept"] and access.can_read_codes(request.capacity)
    return render(request, "outbox/outbox.html", context)


@staff_only
@require_safe
def outbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: headers and text. With a mail server its personal addresses are masked: they are the recipient's."""
    delivery = get_object_or_404(_mails(request), pk=pk)
    built = _built(delivery)
    context = {
        "delivery": delivery,
        "receipt": delivery.receipt,
        "mail": built,
        "kept": _kept(),
        "gathered": gathering.mail_of(delivery).mail,
        "waits": gathering.waits(delivery),
    }
    return render(request, "outbox/message.html", context)


@staff_only
@require_safe
def outbox_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of one mail as a mail program shows it."""
    [alternative] = _built(get_object_or_404(_mails(request), pk=pk)).alternatives
    return HttpResponse(alternative.content, headers={"Content-Security-Policy": MAIL_POLICY})


@only(access.can_read_codes)
@require_safe
def outbox_codes(request: HttpRequest) -> HttpResponse:
    """Sign-in codes of the embedded site; where there is a mail server, it carries them."""
    if not _kept():
        raise Http404
    return render(request, "outbox/codes.html", {"mails": codes.latest(LATEST_CODES)})


def _kept() -> bool:
    """Whether mails go nowhere and are read here."""
    return not settings.EMAIL_URL


def _mails(request: HttpRequest) -> DeliveryQuerySet:
    mails = Delivery.objects.visible_to(request.capacity).filter(channel=Channel.EMAIL)
    return mails.select_related("receipt__organisation", "receipt__release__notice")


def _built(delivery: Delivery) -> message.Mail:
    return message.build(delivery, masked=not _kept(), at=delivery.settled_at)
