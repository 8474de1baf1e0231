"""What templates say in one way everywhere: icons, badges, dates in 和暦, rates, bars, the chain, the days left."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import BoundField, Field, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from members import access, tree
from members import wareki as eras
from members.forms.read_back import only_reads_back
from members.models import Organisation
from notices.models.release import PRESSING_DAYS
from notices.templatetags.badges import BADGES

register = template.Library()

Number = int | float | Decimal

NONE = "–"
# Rates between nothing and everything lie between these.
LEAST_PERCENT, MOST_PERCENT = Decimal("0.1"), Decimal("99.9")


register.filter("is_staff", access.is_staff)
register.filter("can_draft", access.can_draft)
register.filter("can_approve", access.can_approve)
register.filter("can_publish", access.can_publish)
register.filter("can_manage_accounts", access.can_manage_accounts)
register.filter("can_change_usual_reminders", access.can_change_usual_reminders)
register.filter("is_chair", access.is_chair)
register.filter("is_pharmacy", access.is_pharmacy)


@register.simple_tag
def association() -> Organisation | None:
    """The association whose site this is, for pages that name whom to ask; None before it is registered."""
    try:
        return tree.association()
    except tree.NoAssociation:
        return None


# Icons, badges, messages ---------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon of the sprite `icons.svg`; the words beside it say what it means."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f"icon {css}".rstrip(),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def status(state: str, of: str = "", word: str = "") -> SafeString:
    """The badge of a state: icon, word and colour. `of="release"` for the states of a release; `word` says more.

    Raises KeyError for a state without a badge: an unknown state must not look like a known one.
    """
    badge = BADGES[f"{of}.{state}" if of else str(state)]
    tone = f" status-{badge.tone}" if badge.tone else ""
    return format_html('<span class="status{}">{}{}</span>', tone, icon(badge.icon), word or badge.word)


@register.filter
def lead(text: Any) -> SafeString:
    """A message with its first sentence in bold: what happened, before what was kept and what to do."""
    if isinstance(text, SafeString):
        return text
    first, stop, rest = str(text).partition("。")
    return format_html("<b>{}</b>{}", first + stop, rest)


@register.filter
def tone(level: str) -> str:
    """The tone of a message (`message-…`) for a level of Django's messages."""
    return {"success": "good", "info": "info", "debug": "info", "warning": "care", "error": "bad"}[level]


@register.filter
def tone_icon(name: str) -> str:
    """The icon that goes with a tone of messages."""
    return {"good": "check", "info": "info", "care": "warn", "bad": "fail"}[name]


# Dates and figures ---------------------------------------------------------------------------------------------------


@register.filter
def wareki(value: dt.date | dt.datetime | None) -> str:
    """令和6年10月30日, the form of letters; – without a date."""
    return eras.long_date(day_of(value)) if value else NONE


@register.filter
def short(value: dt.date | dt.datetime | None) -> str:
    """R6.10.30, the form of tables; – without a date."""
    return eras.short_date(day_of(value)) if value else NONE


@register.filter
def weekday_date(value: dt.date | dt.datetime | None) -> str:
    """11月29日（金）, the form of deadlines; – without a date."""
    return eras.day_with_weekday(day_of(value)) if value else NONE


@register.filter
def deadline_date(value: dt.date | None) -> str:
    """11月29日（金）, a deadline, with the year where it is another one than today's; – without a date."""
    return eras.deadline(day_of(value), timezone.localdate().year) if value else NONE


@register.filter
def wareki_weekday(value: dt.date | dt.datetime | None) -> str:
    """令和6年11月29日（金）, a deadline at its first mention; – without a date."""
    if not value:
        return NONE
    day = day_of(value)
    return f"{eras.long_date(day)}（{eras.WEEKDAYS[day.weekday()]}）"


@register.filter
def desk_day(value: dt.date | dt.datetime | None) -> str:
    """10/30（水）, the form of the desk's lists, with the year where it is another one; – without a date."""
    return eras.desk_date(day_of(value), timezone.localdate().year) if value else NONE


@register.filter
def desk_time(value: dt.datetime | None) -> str:
    """10/30（水）14:05 in Asia/Tokyo, with the year where it is another one; – without a time."""
    return f"{desk_day(value)}{clock(value)}" if value else NONE


@register.filter
def waiting(since: dt.datetime) -> str:
    """How long somebody has been waiting: 1 分未満, 25 分, 3 時間, 2 日."""
    minutes = int((timezone.now() - since).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} 分" if minutes > 0 else "1 分未満"
    return f"{minutes // 60} 時間" if minutes < 24 * 60 else f"{minutes // (24 * 60)} 日"


@register.filter
def short_time(value: dt.datetime | None) -> str:
    """R6.10.30 14:05 in Asia/Tokyo, the form of what is kept for years; – without a time."""
    return f"{short(value)} {clock(value)}" if value else NONE


@register.filter
def month_day(value: dt.date | dt.datetime | None) -> str:
    """10/30, below the axis of a drawing; – without a date."""
    if not value:
        return NONE
    day = day_of(value)
    return f"{day.month}/{day.day}"


@register.filter
def clock(value: dt.datetime | None) -> str:
    """14:05 in Asia/Tokyo; – without a time."""
    if not value:
        return NONE
    at = timezone.localtime(value)
    return f"{at.hour}:{at.minute:02}"


@register.simple_tag
def scheduled(value: dt.datetime | None) -> SafeString:
    """The badge 予約 11/29 9:00 of a draft that releases itself; nothing without a time."""
    if not value:
        return SafeString("")
    day = day_of(value)
    return status("scheduled", of="release", word=f"予約 {day.month}/{day.day} {clock(value)}")


@register.filter
def rate(part: Any, whole: Number | None = None) -> str:
    """71.4% of a fraction, of a pair (part, whole), or of part and whole; – where there is no whole.

    Never 100.0% while something is missing; 0.1%未満 while there is something, but less than that.
    """
    if whole is None:
        part, whole = part if isinstance(part, Sequence) else (part, 1)
    if part is None or not whole:
        return NONE
    exact = Decimal(str(part)) * 100 / Decimal(str(whole))
    if 0 < exact < LEAST_PERCENT:
        return f"{LEAST_PERCENT}%未満"
    percent = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{min(percent, MOST_PERCENT) if part < whole else percent}%"


@register.filter
def count(value: int | None) -> str:
    """2,916; – for nothing known."""
    return NONE if value is None else f"{value:,}"


@register.filter
def count_or_dash(value: int | None) -> str:
    """2,916, and – for none, as in the columns where a number is something to look at."""
    return count(value) if value else NONE


@register.filter
def days(value: float | None) -> str:
    """2.5 日; – where it has not come to that yet."""
    return NONE if value is None else f"{value:.1f} 日"


@register.filter
def on_behalf(value: int) -> str:
    """（うち代理 14） behind a count of those who answered; nothing where all pressed themselves."""
    return f"（うち代理 {count(value)}）" if value else ""


# Bars, the chain, the days left --------------------------------------------------------------------------------------


@register.inclusion_tag("parts/bar.html")
def bar(read: Number, done: Number = 0, of: Number = 1, label: str = "", tall: bool = False) -> dict[str, Any]:
    """Confirmed, and finished in front of it, of a whole: `{% bar read=confirmed done=finished of=recipients %}`."""
    read_share, done_share = share(read, of), share(done, of)
    words = f"確認 {rate(read, of)}" + (f"、完了 {rate(done, of)}" if done else "")
    layers = [("read", 0, read_share)]
    if done_share:
        # A white edge, which the style sheet puts beyond it, keeps the two apart where they cannot be told by colour.
        layers += [("edge", 0, done_share), ("done", 0, done_share)]
    return {"layers": percentages(layers), "label": label or words, "tall": tall}


@register.inclusion_tag("parts/bar.html")
def stacked_bar(of: Number, label: str, tall: bool = True, **parts: Number) -> dict[str, Any]:
    """Parts of a whole beside one another, in the order given; names: read done seen late fail other."""
    layers, start = [], 0.0
    for name, value in parts.items():
        layers.append((name, start, share(value, of)))
        start += share(value, of)
    return {"layers": percentages(layers), "label": label, "tall": tall}


@register.inclusion_tag("parts/chain.html")
def chain(stops: Sequence[Any]) -> dict[str, Any]:
    """The way of a notice as a line of stops.

    A stop has `date`, `organisation`, `document`, `passed`, and for the hop that leaves it `gap_days` (None behind the
    last) and `slow` (the longest hop); if it has them, `url` and `note`.
    """
    return {"stops": stops}


@register.simple_tag
def days_left(deadline: dt.date | dt.datetime | None, today: dt.date | None = None) -> SafeString:
    """あと 9 日, 今日まで, 期限を 3 日すぎています; nothing without a deadline, which lasts to the end of its day."""
    if not deadline:
        return SafeString("")
    left = (day_of(deadline) - (today or timezone.localdate())).days
    css = "days-late keep" if left <= PRESSING_DAYS else "keep"
    if left > 0:
        return format_html('<span class="{}">あと <b>{}</b> 日</span>', css, left)
    if left == 0:
        return format_html('<span class="{}"><b>今日まで</b></span>', css)
    return format_html('<span class="days-late">期限を <b>{}</b> 日すぎています</span>', -left)


register.filter("only_reads_back", only_reads_back)


@register.filter
def words_of_errors(field: BoundField) -> list[str]:
    """The errors of a field, where Django's own words for a missing value are too much of a form's talk."""
    chosen = field.use_fieldset or isinstance(field.field.widget, Select)
    missing = "選んでください" if chosen else "入力してください"
    return [
        missing if error.message == Field.default_error_messages["required"] else str(words)
        for error, words in zip(field.errors.as_data(), field.errors, strict=True)
    ]


@register.filter
def lines(text: str) -> list[str]:
    """The lines of a text that hold something, for running paragraphs."""
    return [line for line in str(text).splitlines() if line.strip()]


def day_of(value: dt.date | dt.datetime) -> dt.date:
    """The day in Asia/Tokyo."""
    return timezone.localdate(value) if isinstance(value, dt.datetime) else value


def share(part: Number, whole: Number) -> float:
    """Per cent of the whole, between 0 and 100."""
    return min(max(100 * float(part or 0) / float(whole), 0.0), 100.0) if whole else 0.0


def percentages(layers: list[tuple[str, float, float]]) -> list[dict[str, str]]:
    """Layers as the attributes of SVG rectangles (as text: numbers would be localised)."""
    return [{"name": name, "x": f"{x:.2f}%", "width": f"{width:.2f}%"} for name, x, width in layers if width]
