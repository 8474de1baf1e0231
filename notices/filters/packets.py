"""How the list of received packets is narrowed."""

import django_filters as filters
from django.db.models import QuerySet

from notices.models import Entry, Packet
from notices.models.packet import PacketQuerySet
from notices.search.finding import Scope
from notices.search.searching import Search


class PacketFilter(filters.FilterSet):
    """By how far the packet is, and by words: of its letters as they are known, and of the text that arrived."""

    STATES = [
        (Packet.State.DOUBTFUL.value, "要確認・登録待ち"),
        *Packet.State.choices[1:],
        ("issued", "伝達済"),
    ]

    state = filters.ChoiceFilter(label="状態", choices=STATES, method="in_state", empty_label="すべて")
    q = filters.CharFilter(label="番号・件名・発出元・本文の言葉", method="matching")

    class Meta:
        model = Packet
        fields: list[str] = []

    def in_state(self, packets: PacketQuerySet, name: str, value: str) -> QuerySet[Packet]:
        if value == "issued":
            return packets.filter(issued=True)
        return packets.filter(state=value, issued=False)

    def matching(self, packets: PacketQuerySet, name: str, value: str) -> QuerySet[Packet]:
        found = Search(value, Scope(Entry.objects.filter(packet__isnull=False))).found
        return packets.filter(pk__in=found.entries.values("packet"))
