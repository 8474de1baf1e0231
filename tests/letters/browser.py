"""What the browser sends and shows on the pages of composing."""

from django.urls import reverse

from members import wareki
from notices.letters import composing
from notices.models import Notice

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n170\n%%EOF\n"
)


def address(name: str, notice: Notice) -> str:
    return reverse(f"notices:{name}", args=[notice.pk])


def form(notice: Notice, **changes: object) -> dict[str, object]:
    """What the browser sends from the page of composing when only `changes` were typed."""
    issuer, plan = notice.issuers.first(), notice.release
    fields = {
        "number": notice.number_text,
        "addressees": "、".join(notice.addressees),
        "honorific": notice.honorific,
        "signatory": f"{issuer.title}　{issuer.name}",
        "subject": notice.subject,
        "body": notice.body,
        "items": notice.items,
        "contact": notice.contact,
        "ask": plan.ask,
        "who": plan.who,
        "what": plan.what,
        "deadline": wareki.long_date(plan.deadline) if plan.deadline else "",
        "covering_chairs": plan.covering_chairs,
        "covering_pharmacies": plan.covering_pharmacies,
        "help_to_district": "on",
        "gathers": plan.gathers,
        "seen": composing.state_of(Notice.objects.get(pk=notice.pk)),
        "do": "save",
    }
    return fields | changes


def shown(answer) -> str:
    return answer.content.decode()
