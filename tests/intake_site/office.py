"""The office's desk in these tests: who acts, and the packets that arrive."""

from members.history import Actor
from notices.models import Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake.packets import OWN_PACKET

OWN = OWN_PACKET.read_text()
# The same packet as it would come from the national association, without the prefecture's letter on top.
WITHOUT_FIRST = OWN[OWN.index("日 薬 業 発") :]
# A date that does not exist: one doubt to settle.
DOUBTFUL = OWN.replace("令和 6 年 1 2 月 1 1 日", "令和 6 年 2 月 30 日")
# Another letter of the association, with the number of the packet's first.
SAME_NUMBER = """6福薬業発第412号
令和6年12月13日

各地区薬剤師会会長 殿

公益社団法人福岡県薬剤師会
常務理事 髙﨑 濵一郎

年末年始の連絡体制について

年末年始の連絡体制を次のとおりとしますので、お知らせいたします。

以上
"""


def actor(cast: Cast) -> Actor:
    staff = cast.capacities["staff"]
    return Actor(staff.account, staff)


def received(cast: Cast, text: str = OWN) -> Packet:
    return take_in.receive(text.encode(), "packet.txt", actor(cast))
