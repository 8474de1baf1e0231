"""How the pharmacies of one release are narrowed."""

from operator import attrgetter
from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from members import tree
from members.models import Organisation, Tag
from notices.boards import halts, latest, standing
from notices.models import HelpRequest, Receipt, Release
from notices.models.receipt import Reach


class PharmacyFilter(filters.FilterSet):
    """The pharmacies of one release: by name, district, reach, answer, place in the set-up and tag."""

    ANSWERS = (
        ("unconfirmed", "未確認"),
        ("silent", "再通知2回でも未確認"),
        ("confirmed", "確認済（すべて）"),
        ("under_way", "確認済・未完了"),
        ("finished", "完了"),
        ("not_applicable", "対象外"),
        ("stuck", "困っています"),
        ("on_behalf", "代理で回答"),
    )
    # What can be answered where no steps are asked for.
    WITHOUT_STEPS = ("unconfirmed", "silent", "confirmed", "stuck", "on_behalf")

    q = filters.CharFilter(label="薬局名・電話", method="by_text")
    district = filters.ModelChoiceFilter(label="地区", queryset=lambda request: tree.districts(), empty_label="すべて")
    reach = filters.ChoiceFilter(label="送信", choices=Reach.choices, empty_label="すべて")
    answer = filters.ChoiceFilter(label="回答", choices=ANSWERS, method="by_answer", empty_label="すべて")
    place = filters.ChoiceFilter(label="止まっている手順", method="by_place", empty_label="すべて")
    tag = filters.ModelChoiceFilter(
        label="区分", queryset=lambda request: Tag.objects.all(), field_name="organisation__tags", empty_label="すべて"
    )

    class Meta:
        model = Receipt
        fields: list[str] = []

    def __init__(self, data: Any, release: Release, **more: Any) -> None:
        super().__init__(data, **more)
        if release.asks_set_up:
            steps = [(step.position, f"{number} {step.title}") for step, number in halts.numbered(release.notice)]
            ends = ("start", halts.NOT_STARTED), ("end", halts.ALL_TICKED)
            self.filters["place"].extra["choices"] = [ends[0], *steps, ends[1]]
        else:
            del self.filters["place"]
            answers = [each for each in self.ANSWERS if each[0] in self.WITHOUT_STEPS]
            self.filters["answer"].extra["choices"] = answers
        if not release.asks_confirmation:
            del self.filters["answer"]
        self.form.fields["district"].label_from_instance = attrgetter("label")

    def by_text(self, receipts: QuerySet[Receipt], name: str, text: str) -> QuerySet[Receipt]:
        return receipts.filter(organisation__in=Organisation.objects.matching(text).values("pk"))

    def by_answer(self, receipts: QuerySet[Receipt], name: str, answer: str) -> QuerySet[Receipt]:
        if answer == "under_way":
            return standing.under_way(receipts)
        if answer == "on_behalf":
            return standing.answered_on_behalf(receipts)
        if answer == "silent":
            return receipts.filter(pk__in=latest.silent(receipts))
        if answer == "stuck":
            return receipts.filter(pk__in=HelpRequest.objects.filter(closed_at=None).values("receipt"))
        fact = "confirmed" if answer == "unconfirmed" else answer
        return receipts.filter(**{f"{fact}_at__isnull": answer == "unconfirmed"})

    def by_place(self, receipts: QuerySet[Receipt], name: str, place: str) -> QuerySet[Receipt]:
        return halts.at(receipts, place)
