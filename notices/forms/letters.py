"""Composing a letter: its text, what it asks of whom."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from members import wareki
from members.forms.dates import WarekiDateField
from notices import docnumber
from notices.forms.dates import not_too_far
from notices.intake.deadlines import Stated
from notices.letters import composing, wording
from notices.models import Notice, Relation, Release

SEPARATORS = str.maketrans({"，": "、", ",": "、", "\n": "、"})


class LinesField(forms.CharField):
    """Text of several lines. Browsers end each by CR LF, whatever was there before: kept is LF.

    `needed` for the release: a draft is saved without it.
    """

    widget = forms.Textarea

    def __init__(self, *, needed: bool = False, **choices: Any) -> None:
        super().__init__(**choices)
        self.needed = needed

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class NewLetterForm(forms.Form):
    """A letter without a packet begins with its subject."""

    subject = forms.CharField(label="件名", max_length=500, widget=forms.TextInput(attrs={"autofocus": True}))


class LetterForm(forms.Form):
    """The text of a draft. Everything is optional here that the preview can do without, except subject and body."""

    number = forms.CharField(label="文書番号（任意）", required=False, max_length=100)
    addressees = forms.CharField(label="宛名", max_length=300, help_text="複数は「、」で区切る")
    honorific = forms.ChoiceField(label="敬称", choices=[(word, word) for word in wording.HONORIFICS])
    signatory = forms.ChoiceField(label="発出者")
    subject = forms.CharField(label="件名", max_length=500)
    body = LinesField(
        label="本文",
        max_length=50_000,
        help_text="1 行が 1 段落になります",
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    items = LinesField(
        label="記書き（任意）",
        required=False,
        max_length=20_000,
        help_text="「記」の下、別添の上に並びます。1 行に 1 つ",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    contact = LinesField(
        label="問い合わせ先（任意）", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, notice: Notice, expected: str, **kwargs: Any) -> None:
        issuer, number = notice.issuers.first(), notice.numbers.first()
        initial = {
            "number": number.text if number else "",
            "addressees": "、".join(notice.addressees),
            "honorific": notice.honorific,
            "signatory": signed(issuer.title, issuer.name),
            "subject": notice.subject,
            "body": notice.body,
            "items": notice.items,
            "contact": notice.contact,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.expected = expected
        self.fields["number"].help_text = f"空のままなら、決裁のときに次の番号（見込み {expected}）が付きます"
        if number and number.reserved_at:
            self.fields["number"].disabled = True
            self.fields["number"].help_text = "決裁で付いた番号です。発出日が同じ年度なら、この番号のままです"
        signing = [*composing.signatories(issuer.organisation), (issuer.title, issuer.name)]
        self.signing = {signed(*officer): officer for officer in signing}
        self.fields["signatory"].choices = [(text, text or "（名前を入れない）") for text in self.signing]
        if notice.honorific not in wording.HONORIFICS:
            self.fields["honorific"].choices = [(notice.honorific, notice.honorific), *self.fields["honorific"].choices]

    def show(self, body: str) -> None:
        """The page shows the body as it was saved."""
        self.data = self.data.copy()
        self.data["body"] = body

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        number = docnumber.parse_number(typed) if typed else None
        if typed and (number is None or number.serial is None):
            raise forms.ValidationError(f"文書番号として読めません。「{self.expected}」のように入力してください")
        return number.text if number else ""

    def clean_addressees(self) -> list[str]:
        return named(self.cleaned_data["addressees"])

    def clean_signatory(self) -> tuple[str, str]:
        return self.signing[self.cleaned_data["signatory"]]


class PlanForm(forms.Form):
    """What the recipients are asked to do, until when, and the covering texts.

    `seen` is a sign of the draft as the page showed it.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    ask = forms.ChoiceField(
        label="お願いの種類",
        widget=forms.RadioSelect,
        choices=Release.Ask,
        help_text="「お知らせ」は返事を求めません。「確認＋設定」は、手順ごとの進みも集めます",
    )
    who = forms.CharField(label="誰が", required=False, max_length=100)
    deadline = WarekiDateField(label="確認期限", required=False, coming=True)
    what = forms.CharField(label="何を", required=False, max_length=200)
    changed = LinesField(
        label="変わったところ",
        required=False,
        needed=True,
        max_length=2000,
        help_text="前の通知のどこが、どう変わり、何をお願いするのか。発出までに書いてください。メールと通知の画面の上に出ます",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    covering_chairs = LinesField(
        label="地区会長への添え書き", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    covering_pharmacies = LinesField(
        label="薬局への添え書き",
        required=False,
        max_length=2000,
        help_text="薬局には、会長あての文書の写しにこの添え書きを付けて届けます",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attach_letter = forms.BooleanField(
        label="公文書（PDF）をメールに付ける",
        required=False,
        help_text="付けなくても、メールのリンクから公文書と別添を開けます",
    )
    gathers = forms.ChoiceField(
        label="メールの送り方", required=False, widget=forms.RadioSelect, choices=Release.Gathers
    )
    help_to_district = forms.BooleanField(
        label="「困っています」を地区にも知らせる（書かれた内容は県だけが読みます）", required=False
    )

    def __init__(
        self, *args: Any, plan: Release, stated: Stated | None = None, supersedes: str = "", **kwargs: Any
    ) -> None:
        """`supersedes` is the kind of the relation by which the draft corrects or withdraws another notice.

        `stated` is the deadline that the letter, or one within it, states.
        """
        initial = {name: getattr(plan, name) for name in composing.PLANNED}
        initial["seen"] = composing.state_of(plan.notice)
        super().__init__(*args, initial=initial, **kwargs)
        # What is said of a day that is not the members', beside the field in which it does not stand.
        self.not_theirs = ""
        if stated and stated.for_addressee:
            self.not_theirs = _not_theirs(stated, plan)
        elif stated:
            self.fields["deadline"].help_text = _about(stated, plan)
        hour, day = settings.REMINDER_HOUR, wareki.WEEKDAYS[settings.GATHERING_WEEKDAY]
        self.fields["gathers"].help_text = (
            f"まとめられるのは、お知らせのメールだけです。営業日の {hour} 時（1週1通は{day}曜日の {hour} 時）に、"
            "同じ宛先へのほかのお知らせと1通で送ります"
        )
        if supersedes:
            del self.fields["gathers"]
        if not supersedes:
            del self.fields["changed"]
        elif supersedes == Relation.Kind.WITHDRAWS:
            changed = self.fields["changed"]
            changed.label = "廃止の理由"
            changed.help_text = "なぜ廃止するのか。発出までに書いてください。メールと通知の画面の上に出ます"

    @property
    def planned(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def show(self, seen: str) -> None:
        """The page shows the draft as it is now; the next press has seen that."""
        self.data = self.data.copy()
        self.data["seen"] = seen

    def clean_deadline(self) -> Any:
        deadline = self.cleaned_data["deadline"]
        if deadline and deadline < timezone.localdate():
            raise forms.ValidationError("今日より前の日です。期限は発出日以後の日にしてください")
        return deadline and not_too_far(deadline, timezone.localdate())

    def clean_gathers(self) -> str:
        return self.cleaned_data["gathers"] or Release.Gathers.NOW

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ask = cleaned.get("ask")
        if ask == Release.Ask.INFORM and cleaned.get("deadline"):
            self.add_error("deadline", "「お知らせ」に期限はありません。期限を消すか、「確認」を選んでください")
        if ask != Release.Ask.INFORM and cleaned.get("gathers", Release.Gathers.NOW) != Release.Gathers.NOW:
            self.add_error("gathers", "返事をお願いする通知は、まとめて送れません。「すぐ送る」を選んでください")
        # A text that staff left as it was follows the ask.
        if ask and wording.is_usual(cleaned.get("covering_pharmacies", "")):
            cleaned["covering_pharmacies"] = wording.for_pharmacies(ask)
        if ask and cleaned.get("what") in wording.WHAT.values():
            cleaned["what"] = wording.WHAT[Release.Ask(ask)]
        return cleaned


def _about(stated: Stated, plan: Release) -> str:
    """Where the deadline comes from that is in the field, or was when the draft began."""
    letter = stated.notice.number_text or stated.notice.issuer_names
    where = "この文書の期限" if stated.notice == plan.notice else f"別添（{letter}）の期限"
    if stated.day == plan.deadline:
        return f"{where}です。会員の期限としてよいか、確かめてください"
    return f"{where}は {wareki.long_date(stated.day)}{'でした' if stated.day < timezone.localdate() else 'です'}"


def _not_theirs(stated: Stated, plan: Release) -> str:
    """By whom the day is kept that a letter asks of its addressee, and what is missing because of that."""
    letter = stated.notice.number_text or stated.notice.issuer_names
    where = "" if stated.level == 0 else f"別添（{letter}）にある"
    names = "、".join(stated.notice.addressees)
    addressees = f"文書の宛先（{names}）" if names else "文書の宛先"
    whose = {0: f"この{addressees}", 1: "本会"}.get(stated.level, f"その{addressees}")
    is_missing = not plan.deadline and plan.asks_confirmation
    return (
        f"{where}{wareki.long_date(stated.day)}は、{whose}が報告する期限のようです。"
        f"{'会員への期限を入れてください。' if is_missing else ''}"
    )


def signed(title: str, name: str) -> str:
    """Title and name as the letter shows them."""
    return "　".join(filter(None, (title, name)))


def named(typed: str) -> list[str]:
    """Addressees as typed, divided at 、 or line breaks."""
    return [part.strip() for part in typed.translate(SEPARATORS).split("、") if part.strip()]
