"""参照: the letters whose numbers a letter names."""

from notices import docnumber
from notices.models import DocumentNumber, Notice, Relation


def relate(notice: Notice) -> None:
    """Link the notices whose numbers the body cites; those unknown to the archive keep their number.

    What the draft encloses, corrects, withdraws or makes known again is related to it already.
    """
    cites = Relation.Kind.CITES
    notice.relations.filter(kind=cites).delete()
    related = set(notice.relations.values_list("target", flat=True))
    for text in cited_numbers(notice.body):
        others = DocumentNumber.objects.filter(text=text).exclude(notice=None).exclude(notice=notice)
        known = others.order_by("-fiscal_year").first()
        if known and known.notice_id in related:
            continue
        if known:
            Relation.objects.get_or_create(
                source=notice, kind=cites, target=known.notice, defaults={"cited_number": text}
            )
        else:
            Relation.objects.create(source=notice, kind=cites, cited_number=text)


def name_only(notice: Notice) -> None:
    """Letters that cite the draft go on naming its number, as they do with any that the archive does not know."""
    for relation in notice.related_from.filter(kind__in=[Relation.Kind.CITES, Relation.Kind.FOLLOWS_UP]):
        relation.target, relation.cited_number = None, relation.cited_number or notice.number_text
        if relation.cited_number or relation.cited_date:
            relation.save()
        else:
            relation.delete()


def cited_numbers(body: str) -> list[str]:
    """The document numbers that a text names, each once."""
    squeezed = "".join(body.split())
    return list(dict.fromkeys(number.text for _, _, number in docnumber.find_numbers(squeezed)))
