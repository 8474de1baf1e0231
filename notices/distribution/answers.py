"""What a mail server answers, in words for people, and whose fault it is.

Codes: RFC 5321 section 4.2 (replies) and RFC 3463 (enhanced status codes such as 5.1.1).
"""

import re
from dataclasses import dataclass
from enum import Enum

REPLY_LENGTH = 300  # of what is kept of a server's reply


class Verdict(Enum):
    """What an answer means for one message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # final, by reason of this address
    LATER = "later"  # not taken now; to be tried again
    UNSURE = "unsure"  # lost after the message had begun to flow: taken or not, nobody knows
    BROKEN = "broken"  # our own work broke down over it
    WITHDRAWN = "withdrawn"  # not offered after all: its release was paused or stopped meanwhile


@dataclass(frozen=True)
class Answer:
    """What became of one message; `words` say it to staff, without codes, `reply` is what the server said.

    `bad_address` tells of a refusal that the address itself does not work, not only this message or this day.
    """

    verdict: Verdict
    words: str = ""
    reply: str = ""
    bad_address: bool = False

    @property
    def key(self) -> str:
        """The reply without what differs from message to message: two answers with one key say the same."""
        return " ".join(_OF_ONE_MESSAGE.sub(" ", self.reply).lower().split())[:REPLY_LENGTH]


class ServerAway(Exception):
    """Our server gives no answer for now; nobody is to blame and nothing was offered. Carries the words."""


class ServerRefuses(Exception):
    """Our server will not have our mail until somebody mends something: the release pauses. Carries the words.

    `answer` is what it makes of the one message over which it was said, should staff blame the address after all.
    """

    def __init__(self, words: str, answer: Answer | None = None) -> None:
        super().__init__(words)
        self.answer = answer


# So many addresses in a row that get the same refusal are hardly all wrong.
IN_A_ROW = 5

ACCEPTED = Answer(Verdict.ACCEPTED)
BROKEN = Answer(Verdict.BROKEN)
WITHDRAWN = Answer(Verdict.WITHDRAWN)
NO_ANSWER = Answer(Verdict.LATER, "送信サーバーから答えがありませんでした")
LOST = Answer(Verdict.UNSURE, "送信の途中で接続が切れ、受け取られたかどうか確かめられません")
UNWRITABLE = Answer(Verdict.REFUSED, "この宛先のメールを組み立てられませんでした")

# Of our server, as whole sentences.
BUSY = "送信サーバーが混み合っています。"
SILENT = "送信サーバーから答えがありません。"
CANNOT_CONNECT = "送信サーバーにつながりません（接続を断られました）。"
UNMAKEABLE = "メールを組み立てられませんでした。添える公文書のファイルか、差出人の設定を確かめてください。"
UNFIT = "送信サーバーと接続の方式が合いません（暗号化またはサインインの設定）。"

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
# Addresses, and marks that a server gives to one transaction: words with digits that are no enhanced code.
_OF_ONE_MESSAGE = re.compile(r"<[^>]*>|\S*@\S*|(?<![\d.])(?!\d{3}\b|\d\.\d{1,3}\.\d{1,3}\b)\w*\d[\w.-]*")
_UNKNOWN_USER = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient)|does not exist|invalid recipient", re.IGNORECASE
)
_FULL = re.compile(r"quota|mailbox (?:is )?full|insufficient storage", re.IGNORECASE)

_OURS_CODES = {530, 534, 535, 538}  # RFC 4954: authentication required, refused, or too weak
_REFUSED_WORDS = {
    "1.1": "宛先のメールアドレスが存在しません",
    "1.2": "メールアドレスの「@」より後ろ（ドメイン）が存在しません",
    "1.3": "メールアドレスの書き方が正しくありません",
    "1.6": "宛先のメールアドレスは移転しました",
    "1.10": "宛先のドメインはメールを受け取りません",
    "2.1": "宛先のメールアドレスは止められています",
    "2.2": "受信箱がいっぱいです",
    "2.3": "メールが大きすぎるとして断られました",
    "3.4": "メールが大きすぎるとして断られました",
}
# Enhanced codes (subject.detail) of an address that does not work, whatever is sent to it.
_BAD_ADDRESS = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}
_LATER_WORDS = {
    "2.1": "宛先のメールアドレスが一時的に止められています",
    "2.2": "受信箱がいっぱいです",
    "7.1": "相手のサーバーが後で送るよう求めました",
}


def refused(code: int, reply: bytes | str) -> Answer:
    """A 4xx or 5xx answer to one message. Raises ServerRefuses where the 5xx is about us, not about the address."""
    text = as_text(reply)
    said = f"{code} {text}"[:REPLY_LENGTH]
    if code < 500:
        return Answer(Verdict.LATER, _later_words(code, text), said)
    if is_ours(code, text):
        refusal = Answer(Verdict.REFUSED, _refused_words(code, text), said)
        raise ServerRefuses(our_words(code, text), None if code in _OURS_CODES else refusal)
    return Answer(Verdict.REFUSED, _refused_words(code, text), said, _tells_of_a_bad_address(code, text))


def same_for_all(answer: Answer) -> str:
    """Why a release pauses when one address after the other gets this answer."""
    quoted = " ".join(answer.reply.split())[:100]
    return (
        f"続けて {IN_A_ROW} 件の宛先が同じ理由で断られました。"
        f"宛先ではなく、こちら側の問題かもしれません（サーバーの答え：{quoted}）。"
    )


def is_ours(code: int, text: str) -> bool:
    """Whether a 5xx is about the sender: authentication, or a policy (5.7.x)."""
    found = _ENHANCED.search(text)
    return code in _OURS_CODES or (found is not None and found[1] == "5" and found[2] == "7")


def our_words(code: int, reply: bytes | str) -> str:
    """Why the server will not have our mail; a policy is quoted, since only its words say what to mend."""
    if code in _OURS_CODES:
        return "送信サーバーがこちらの接続を断りました（認証の失敗）。"
    quoted = " ".join(as_text(reply).split())[:100]
    return f"送信サーバーが、こちらからのメールを規則により断りました（サーバーの答え：{code} {quoted}）。"


def as_text(reply: bytes | str) -> str:
    """The server's reply, whatever bytes it holds."""
    text = reply.decode(errors="backslashreplace") if isinstance(reply, bytes) else reply
    return text.replace("\0", " ")


def _refused_words(code: int, text: str) -> str:
    found = _ENHANCED.search(text)
    if found and (words := _REFUSED_WORDS.get(f"{found[2]}.{found[3]}")):
        return words
    if code == 552 or _FULL.search(text):
        return _REFUSED_WORDS["2.2"]
    if code in (551, 553) or _UNKNOWN_USER.search(text):
        return _REFUSED_WORDS["1.1"]
    return "相手のサーバーが受け取りを断りました"


def _tells_of_a_bad_address(code: int, text: str) -> bool:
    found = _ENHANCED.search(text)
    if found:
        return f"{found[2]}.{found[3]}" in _BAD_ADDRESS
    return not _FULL.search(text) and (code in (551, 553) or bool(_UNKNOWN_USER.search(text)))


def _later_words(code: int, text: str) -> str:
    found = _ENHANCED.search(text)
    if found and (words := _LATER_WORDS.get(f"{found[2]}.{found[3]}")):
        return words
    if code == 452 or _FULL.search(text):
        return "受信箱がいっぱいか、サーバーが混み合っています"
    return "相手のサーバーが後で送るよう求めました"
