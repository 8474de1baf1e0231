"""How the list of received packets is narrowed."""

import django_filters as filters
from django.db.models import QuerySet

from members.names import search_key
from notices.models import Packet
from notices.models.packet import PacketQuerySet


class PacketFilter(filters.FilterSet):
    """By how far the packet is, and by number, subject or issuer of any of its letters."""

    STATES = [("doubtful", "要確認"), ("registered", "登録済"), ("issued", "伝達済")]

    state = filters.ChoiceFilter(label="状態", choices=STATES, method="in_state", empty_label="すべて")
    q = filters.CharFilter(label="番号・件名・発出元", method="matching")

    class Meta:
        model = Packet
        fields: list[str] = []

    def in_state(self, packets: PacketQuerySet, name: str, value: str) -> QuerySet[Packet]:
        if value == "issued":
            return packets.filter(issued=True)
        return packets.filter(state=value, issued=False)

    def matching(self, packets: PacketQuerySet, name: str, value: str) -> QuerySet[Packet]:
        return packets.filter(search_key__contains=search_key(value))
