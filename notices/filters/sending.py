"""How the lists of unreached recipients and of messages are narrowed."""

from operator import attrgetter
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from members import tree
from members.models import Organisation
from members.models.organisation import Channel
from notices.distribution import unreached
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach


class UnreachedFilter(filters.FilterSet):
    """Recipients of a release that were not reached; what needs a look first where nothing is chosen."""

    NONE = "none"
    STATES = (
        ("failed", "不達"),
        ("retrying", "再送待ち"),
        ("waiting", "送信待ち（すべて）"),
        ("other", "別経路"),
        ("stopped", "中止"),
        ("all", "すべて"),
    )

    state = filters.ChoiceFilter(label="状態", choices=STATES, method="by_state", empty_label="不達と再送待ち")
    channel = filters.ChoiceFilter(
        label="方法", choices=[*Channel.choices, (NONE, "届け先なし")], method="by_channel", empty_label="すべて"
    )
    district = filters.ModelChoiceFilter(label="地区", queryset=lambda request: tree.districts(), empty_label="全地区")

    class Meta:
        model = Receipt
        fields: list[str] = []

    def __init__(self, *args: Any, by_hand: bool = False, **more: Any) -> None:
        """`by_hand`: of a release that staff stopped, those who were left out need a look too."""
        super().__init__(*args, **more)
        self.pressing = unreached.pressing()
        if by_hand:
            self.pressing |= Q(reach=Reach.STOPPED)
            self.filters["state"].extra["empty_label"] = "不達と中止"
        self.form.fields["district"].label_from_instance = attrgetter("label")

    def filter_queryset(self, queryset: QuerySet[Receipt]) -> QuerySet[Receipt]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(self.pressing)

    def by_state(self, receipts: QuerySet[Receipt], name: str, state: str) -> QuerySet[Receipt]:
        if state == "all":
            return receipts
        return (
            receipts.filter(reach=Reach.WAITING, retrying=True) if state == "retrying" else receipts.filter(reach=state)
        )

    def by_channel(self, receipts: QuerySet[Receipt], name: str, channel: str) -> QuerySet[Receipt]:
        messages = Delivery.objects.all() if channel == self.NONE else Delivery.objects.filter(channel=channel)
        with_messages = Q(pk__in=messages.values("receipt"))
        return receipts.filter(~with_messages if channel == self.NONE else with_messages)


class MessageFilter(filters.FilterSet):
    """The outbox: by organisation or address, notice and state."""

    q = filters.CharFilter(label="宛先", method="by_text")
    release = filters.ModelChoiceFilter(
        label="通知",
        queryset=lambda request: (
            Release.objects.released().select_related("notice").prefetch_related("notice__numbers")
        ),
        field_name="receipt__release",
        empty_label="すべて",
    )
    state = filters.ChoiceFilter(label="状態", choices=Delivery.State.choices, empty_label="すべて")

    class Meta:
        model = Delivery
        fields: list[str] = []

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.form.fields["release"].label_from_instance = lambda release: str(release.notice)[:40]

    def by_text(self, deliveries: QuerySet[Delivery], name: str, text: str) -> QuerySet[Delivery]:
        named = Organisation.objects.matching(text).values("pk")
        return deliveries.filter(Q(receipt__organisation__in=named) | Q(address__icontains=text.strip()))
