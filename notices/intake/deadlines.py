"""期限 that received letters state, as a proposal for the notice that is made of them: of members' days only.

A letter may ask whom it is addressed to for something by a day: an association for a report. That is no day for its
members, and the sentence in which it stands says so.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from members.numerals import squeeze
from notices.intake import kept
from notices.intake.kept import Letter
from notices.models import Notice, Relation
from notices.models.release import FARTHEST

# The association that gets the letter does something: 貴会で, 貴職におかれましては, 取りまとめて.
_ADDRESSEE = re.compile(
    "貴(?:会|団体|協会|法人|職)(?:で|にて|に(?:おい|おけ|おかれ)|が|は)|(?:取り?|とり)(?:まと|纏)め|集約|集計"
)
# Members do something, or are asked to: 会員薬局は, 各薬局において, 会員から, 会員に対し. Not 会員からの回答.
_MEMBERS = re.compile(
    "(?:会員|薬局|薬剤師|施設|医療機関|開設者|管理者)(?:等|各位|の皆様|の方々)*"
    "(?:は|が|も|で|に(?!関|係|つ|よ|際|伴|あた|当た)|へ(?!の)|から(?!の)|より(?!の))"
)
# Whoever wrote the letter is told something: 本会へ回答, 当課まで報告.
_TO_ISSUER = re.compile(
    "(?:本会|当会|本部|本省|当省|当局|当課|当職)[^、。]{0,12}?(?:へ|に|宛て?に?|あてに?|まで)[^。]{0,20}?"
    "(?:報告|回答|提出|連絡|返送|返信|送付)"
)
# What the letter asks to be passed on is for the members: 登録するよう、会員へ周知.
_PASSED_ON = re.compile("周知|伝達|案内|指導|伝え|知らせ(?:くだ|いただ|願)|依頼(?:くだ|いただ|して|願)|お願いして")
# A deadline is named, whether or not its day can be read.
_WORDS = re.compile(r"[^\s、。「」（）]{0,14}(?:までに|期限|期日|締め?切)")


def words(letter: Letter) -> str:
    """Those by which a letter names a deadline, as it has them; empty where it names none."""
    found = _WORDS.search("\n".join([letter["body"], *letter["items"]]))
    return found[0] if found else ""


@dataclass(frozen=True)
class Stated:
    """The deadline that a letter states.

    `level` is 0 for the notice itself, 1 for a letter that it encloses, and so on. `for_addressee`: whom that letter is
    addressed to answers by it, not its members.
    """

    notice: Notice
    day: dt.date
    level: int = 0
    for_addressee: bool = False


def stated(notice: Notice) -> Stated | None:
    """That of the letter itself; where it states none, that of the outermost letter within it that does.

    A day for members comes before one for whom the letters are addressed to.
    """
    found = list(_stated(notice))
    return next((each for each in found if not each.for_addressee), next(iter(found), None))


def _stated(notice: Notice) -> Iterator[Stated]:
    """Every deadline, the outermost first."""
    waiting, seen = [(0, notice)], set()
    while waiting:
        level, letter = waiting.pop(0)
        read = letter.packet.letters[letter.packet_order] if letter.packet else None
        if read and (day := kept.deadline_of(read)):
            yield Stated(letter, day, level, is_for_addressee(read, day))
        seen.add(letter.pk)
        enclosed = Notice.objects.filter(related_from__source=letter, related_from__kind=Relation.Kind.ENCLOSES)
        within = enclosed.exclude(pk__in=seen).select_related("packet").order_by("pk")
        waiting += [(level + 1, each) for each in within]


def proposed(notice: Notice) -> dt.date | None:
    """The stated deadline, where it is the members', still to come and no misread year."""
    found, today = stated(notice), timezone.localdate()
    is_theirs = found is not None and not found.for_addressee
    return found.day if is_theirs and today <= found.day <= today + FARTHEST else None


def is_for_addressee(letter: Letter, day: dt.date) -> bool:
    """Whether the sentences of the letter that name the day ask its addressee, and none of them its members."""
    named = re.compile(rf"(?<![0-9]){day.month}月{day.day}日")
    lines = [squeeze(line) for line in [*letter["body"].splitlines(), *letter["items"]]]
    sentences = [sentence for line in lines for sentence in line.split("。")]
    asked = [_asks_addressee(sentence, place) for sentence in sentences if (place := named.search(sentence))]
    return True in asked and False not in asked


def _asks_addressee(sentence: str, day: re.Match[str]) -> bool | None:
    """Who answers by the day: the addressee, the members (False), or the sentence does not tell (None).

    Who is named behind the day does it as a rule (12月11日までに会員薬局が…), else who was named last before it.
    """
    before, behind = sentence[: day.start()], sentence[day.end() :]
    found = [(match.start(), match.re is not _MEMBERS) for match in _named(behind, _ADDRESSEE, _MEMBERS, _TO_ISSUER)]
    if found and not min(found)[1]:
        return False
    if earlier := [(match.start(), match.re is _ADDRESSEE) for match in _named(before, _ADDRESSEE, _MEMBERS)]:
        return max(earlier)[1]
    told = _TO_ISSUER.search(behind)
    if told and _PASSED_ON.search(behind, told.end()):
        return False
    return True if found else None


def _named(text: str, *patterns: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        yield from pattern.finditer(text)
