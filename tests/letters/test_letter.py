"""The letter: the form of an official letter, word for word, in every character, over as many pages as it takes."""

import datetime as dt
import re
import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from members.history import NOBODY
from notices.letters import composing, enclosures
from notices.letters.letter import letter_html, letter_of, letter_pdf
from notices.letters.phrases import balanced_lines, phrases, pieces, width
from notices.models import DocumentNumber, Notice, NoticeIssuer
from notices.procedures import take_in
from notices.templatetags.letters import in_phrases

RARE = "髙﨑濱栁𠮷 神\ufa19 福\ufa1b 辻\U000e0100 葛\U000e0100"


def text_of(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def squeezed(text: str) -> str:
    """Without spaces, list marks and widths, everything else to the letter."""
    return re.sub(r"[\s‐-]+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture
def draft(cast) -> Notice:
    return composing.draft_own("訪問診療等における薬歴照会アプリの利用開始について", NOBODY)


@pytest.fixture
def issued(cast) -> Notice:
    """A letter with everything that a letter may have."""
    notice = Notice.objects.create(
        state=Notice.State.RELEASED,
        date=dt.date(2024, 10, 30),
        addressees=["各地区薬剤師会会長", "各支部長"],
        honorific="殿",
        subject="訪問診療等における薬歴照会アプリの利用開始について",
        body="平素よりお世話になっております。\n6福薬業発第303号にてお知らせしたところですが、再度お知らせいたします。",
        items="1　日時　令和6年11月29日（金）午後7時から\n2　会場　薬剤師会館",
        contact="（問い合わせ先）事務局　担当 髙﨑\n電話 092-000-0100　FAX 092-000-0101",
    )
    NoticeIssuer.objects.create(notice=notice, organisation=cast.association, title="常務理事", name="濵﨑 航")
    DocumentNumber.objects.create(notice=notice, issuer=cast.association, text="6福薬業発第337号")
    notice.attachments.create(position=1, label="別添1", title="アプリの利用開始について（周知）")
    notice.attachments.create(
        position=2, label="参考", title="ポータルサイト", url="https://portal.example/csm?id=index"
    )
    return notice


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("総務課長\n（公印省略）\n", ["（公印省略）"]),
        ("総務課長　( 公 印 省 略 )\n", ["(公印省略)"]),
        ("会長　濵﨑 航〔会長印は省略します〕\n", ["〔会長印は省略します〕"]),
        ("総務課長\n公印は、追って省略する予定です。", []),
        ("", []),
    ],
)
def test_that_a_letter_left_its_seal_out_stands_below_who_signed(issued, written: str, shown: list[str]):
    Notice.objects.filter(pk=issued.pk).update(text=f"医薬総発第1号\n{written}標記について\n以上")
    (sender,) = letter_of(Notice.objects.get(pk=issued.pk)).senders
    assert sender == ["公益社団法人福岡県薬剤師会", "常務理事　濵﨑 航", *shown]


def test_the_letter_stands_in_the_order_of_official_letters(issued):
    lines = [line.strip() for line in text_of(letter_pdf(issued)).splitlines() if line.strip()]
    assert lines == [
        "6福薬業発第337号",
        "令和6年10月30日",
        "各地区薬剤師会会長　殿",
        "各支部長　殿",
        "公益社団法人福岡県薬剤師会",
        "常務理事　濵﨑 航",
        "訪問診療等における薬歴照会アプリの",
        "利用開始について",
        "平素よりお世話になっております。",
        "6福薬業発第303号にてお知らせしたところですが、再度お知らせいたします。",
        "記",
        "1　日時　令和6年11月29日（金）午後7時から",
        "2　会場　薬剤師会館",
        "・【別添1】アプリの利用開始について（周知）",
        "・【参考：ポータルサイト】",
        "https://portal.example/csm?id=index",
        "以上",
        "（問い合わせ先）事務局　担当 髙﨑",
        "電話 092-000-0100　FAX 092-000-0101",
    ]


def test_without_items_and_enclosures_there_is_no_record(draft):
    html = letter_html(draft)
    assert ">記<" not in html
    assert "以上" not in html


def test_rare_characters_and_variants_are_kept_to_the_byte(issued):
    issued.body = RARE
    assert RARE in text_of(letter_pdf(issued))


def test_every_character_has_a_glyph_in_the_font_of_letters(issued):
    issued.body = RARE
    document = pypdfium2.PdfDocument(letter_pdf(issued))
    fonts = {
        obj.get_font().get_base_name() for obj in document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    }
    assert {font.rpartition("+")[2] for font in fonts} == {"Noto-Serif-CJK-JP", "Noto-Serif-CJK-JP-Bold"}


def test_spaces_beside_digits_and_dates_are_not_stretched(issued):
    issued.body = "令和6年10月30日 092-000-0100 " + "お知らせいたします。" * 12
    page = pypdfium2.PdfDocument(letter_pdf(issued))[0].get_textpage()
    space = page.get_text_range().index(" 092-000-0100")
    before, after = page.get_charbox(space - 1), page.get_charbox(space + 1)
    assert after[0] - before[2] < 5  # points; a letter is 10.5 wide, its space a quarter of that


def test_a_long_body_flows_over_pages_with_the_contact_at_the_foot_of_the_last(issued):
    issued.body = "\n".join(f"第{number}段落。{'お知らせいたします。' * 20}" for number in range(1, 41))
    document = pypdfium2.PdfDocument(letter_pdf(issued))
    texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) > 3
    together = squeezed("".join(texts))
    assert all(f"第{number}段落。" in together for number in range(1, 41))
    assert ["問い合わせ先" in text for text in texts] == [False] * (len(texts) - 1) + [True]
    last = document[len(texts) - 1]
    page = last.get_textpage()
    top = page.get_charbox(page.get_text_range().index("（問い合わせ先"))[3]
    assert top < last.get_height() / 5


def test_a_draft_says_that_it_is_one(draft):
    content = letter_pdf(draft, number="6福薬業発第338号", date=dt.date(2024, 10, 30))
    assert "下書き" in text_of(content)
    assert "6福薬業発第338号" in text_of(content)


def test_what_was_typed_is_never_markup(issued):
    issued.body = "<script>alert(1)</script> O'Brien & <b>"
    assert "<script>alert(1)</script> O'Brien & <b>" in text_of(letter_pdf(issued))


def test_the_letter_of_a_packet_is_word_for_word_its_first_letter(cast, shared: Path):
    text = (shared / "packet/packet.txt").read_text()
    packet = take_in.receive(text.encode(), "packet.txt", NOBODY)
    notice = take_in.register(packet, NOBODY)
    first = text[: text.index("日 薬 業 発 第 255 号")]
    assert squeezed(text_of(letter_pdf(notice))) == squeezed(first)


def test_a_new_letter_ends_with_the_associations_contact(cast):
    cast.association.telephone, cast.association.fax = "092-000-0100", "092-000-0101"
    cast.association.save()
    letter = letter_of(composing.draft_own("研修会について", NOBODY))
    assert letter.contact == [
        "（問い合わせ先）公益社団法人福岡県薬剤師会 事務局",
        "電話 092-000-0100　FAX 092-000-0101",
    ]


@pytest.mark.parametrize(
    ("text", "heads", "closed"), [("記\n・【別添】表\n以 上", True, True), ("（別添）\n・表", False, False)]
)
def test_a_received_letter_gets_no_word_that_it_did_not_have(issued, text: str, heads: bool, closed: bool):
    issued.state, issued.text = Notice.State.RECEIVED, text
    letter = letter_of(issued)
    assert (letter.heads_record, letter.is_closed) == (heads, closed)
    assert (">記<" in letter_html(issued), ">以上<" in letter_html(issued)) == (heads, closed)


@pytest.mark.parametrize(
    ("text", "in_order"),
    [
        ("記\n１　日時\n・【別添１】アプリの利用開始 \nについて（周知）\n以　上\n担当", ["会場", "別添1", "以上"]),
        ("記\n１　日時\n以　上\n＜別添＞\n１．アプリの利用開始 \nについて（周知）", ["会場", "以上", "別添1"]),
    ],
    ids=["above", "below"],
)
def test_the_list_of_enclosures_stands_above_or_below_the_closing_as_it_came(issued, text: str, in_order: list[str]):
    issued.state, issued.text = Notice.State.RECEIVED, text
    sheet = letter_html(issued)
    places = [sheet.index(word) for word in in_order]
    assert places == sorted(places)
    assert sheet.count("【</span>別添1】") == 1


def test_a_letter_that_is_kept_as_text_only_shows_its_text(issued):
    issued.body, issued.text = "", "届いたままの文章\n二行目"
    assert letter_of(issued).original == "届いたままの文章\n二行目"


@pytest.mark.parametrize(
    ("subject", "lines"),
    [
        ("オンライン資格確認等システムの停止について", ["オンライン資格確認等システムの停止について"]),
        (
            "訪問診療等におけるマイナ資格確認アプリの利用開始について",
            ["訪問診療等におけるマイナ資格確認アプリの", "利用開始について"],
        ),
        (
            "訪問診療等におけるマイナ資格確認アプリの利用開始について（周知）",
            ["訪問診療等におけるマイナ資格確認アプリの", "利用開始について（周知）"],
        ),
        (
            "髙﨑地区における濵﨑薬局の電子処方箋管理サービスの運用についての一部改正について",
            ["髙﨑地区における濵﨑薬局の電子処方箋管理サービスの", "運用についての一部改正について"],
        ),
    ],
)
def test_a_long_subject_breaks_at_a_phrase_the_first_line_longer(subject, lines):
    assert balanced_lines(subject) == lines


@pytest.mark.parametrize("subject", ["あ" * 500, "、".join(["薬局の運営について"] * 50), "PHARMACY " * 50, ""])
def test_an_overlong_subject_is_left_to_the_page(subject):
    assert "".join(balanced_lines(subject)) == subject


def test_phrases_cut_no_word():
    text = "令和6年度診療報酬改定関連通知の一部訂正並びに電子処方箋の取扱いについて"
    assert phrases(text) == ["令和6年度診療報酬改定関連通知の", "一部訂正並びに", "電子処方箋の", "取扱いについて"]


def test_half_width_counts_half_and_combining_marks_nothing():
    assert width("薬a1") == 2
    assert width("辻\U000e0100") == 1


def test_enclosures_are_numbered_in_their_order(draft):
    for title in ("一", "二", "三"):
        enclosures.add(draft.pk, "別添", title)
    enclosures.add(draft.pk, "参考", "サイト", url="https://portal.example/")
    second = draft.attachments.get(title="二")
    enclosures.move(draft.pk, second.pk, -1)
    assert [str(attachment) for attachment in draft.attachments.all()] == [
        "別添1 二",
        "別添2 一",
        "別添3 三",
        "参考 サイト",
    ]
    enclosures.remove(draft.pk, second.pk)
    assert [str(attachment) for attachment in draft.attachments.all()] == ["別添1 一", "別添2 三", "参考 サイト"]


def test_on_a_telephone_a_long_phrase_breaks_between_words():
    parts = pieces("電子処方箋管理サービスにおける重複投薬等チェックの見直しについて")
    assert parts[:2] == ["電子処方箋管理", "サービスにおける"]
    assert "".join(parts) == "電子処方箋管理サービスにおける重複投薬等チェックの見直しについて"
    assert pieces("一部訂正並びに") == phrases("一部訂正並びに")


def test_the_subject_of_a_mail_breaks_between_its_phrases_only():
    shown = in_phrases("【12月15日まで】電子処方箋<の>周知について（福薬業発第512号）")
    assert "【12月15日まで】<wbr>電子処方箋&lt;の" in shown
    assert "周知に<wbr>ついて" not in shown and "について<wbr>（福薬業発第512号）" in shown
