"""操作方法: the paper that is made out of the steps, so that it says what the checklist says."""

import io

import pypdfium2
import pytest
from django.urls import reverse
from PIL import Image

from members.history import NOBODY
from notices.letters import binding, enclosures, manual
from notices.letters.letter import letter_pdf
from notices.models import Notice, Release, Step, StoredFile
from notices.procedures import issue
from tests.letters.browser import address, shown
from tests.letters.test_steps_page import rows


def steps(notice: Notice, *rows: dict[str, object]) -> None:
    for position, row in enumerate(rows, start=1):
        Step.objects.create(notice=notice, position=position, **row)


def text_of(content: bytes) -> str:
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return "".join("".join(pages).split())


def picture(form: str = "PNG") -> StoredFile:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 400), "navy").save(drawn, form)
    return StoredFile.objects.keep(drawn.getvalue(), f"screen.{form.lower()}", f"image/{form.lower()}")


PC = {"group": "pc", "title": "「環境設定情報」の変更を開く", "hint": "ログインの後に出ます"}
SECRET = {"group": "pc", "title": "初期パスワードを紙に控える", "holds_secret": True}
DEVICE = {"group": "device", "title": "アプリを入れる"}
IOS = {"group": "device", "device": "ios", "title": "App Store を開く"}
LINK = {"group": "reference", "title": "操作マニュアル", "hint": "https://portal.example/guide を開く"}


def test_it_holds_title_hint_number_and_the_note_about_secrets(draft: Notice):
    steps(draft, PC, SECRET, DEVICE, LINK)
    text = text_of(manual.manual_pdf(draft))
    assert "操作方法（福岡県薬剤師会作成版）" in text and draft.subject in text
    assert "1「環境設定情報」の変更を開くログインの後に出ます" in text
    assert "2初期パスワードを紙に控える秘密を扱う手順控えは人に見せないでください" in text
    assert "端末の設定3アプリを入れる" in text
    assert "参照操作マニュアルhttps://portal.example/guide" in text


def test_without_secrets_nothing_is_said_of_them(draft: Notice):
    steps(draft, PC)
    assert "秘密" not in text_of(manual.manual_pdf(draft))


def test_kinds_of_device_with_steps_of_their_own_have_chapters_numbered_as_their_checklists(draft: Notice):
    steps(draft, PC, DEVICE, IOS)
    text = text_of(manual.manual_pdf(draft))
    assert "端末の設定（Android・Windows）2アプリを入れる" in text
    assert "端末の設定（iOS）2アプリを入れる3AppStoreを開く" in text


def test_whom_to_ask_stands_last_with_name_and_telephone(draft: Notice):
    office = draft.issuers.get().organisation
    type(office).objects.filter(pk=office.pk).update(telephone="092-000-0001")
    steps(draft, PC, LINK)
    text = text_of(manual.manual_pdf(draft))
    assert text.index("参照") < text.index("分からないとき") < text.index("困っています")
    assert f"お問い合わせ{office.name}電話092-000-0001" in text


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_pictures_and_codes_are_drawn(draft: Notice, form: str):
    steps(draft, PC | {"picture": picture(form), "picture_alt": "環境設定の画面"}, LINK)
    page = pypdfium2.PdfDocument(manual.manual_pdf(draft))[0]
    drawn = [each for each in page.get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    assert len(drawn) == 2


@pytest.mark.parametrize("number", [13, 14, 15])
def test_its_last_line_never_stands_alone_on_a_page(draft: Notice, number: int):
    steps(draft, *({"group": "pc", "title": f"手順 {each}"} for each in range(number)))
    *_, last = pypdfium2.PdfDocument(manual.manual_pdf(draft))
    assert f"手順 {number - 1}" in last.get_textpage().get_text_range()


def test_it_becomes_a_new_enclosure_of_a_letter_and_its_file_at_the_release(draft: Notice, cast):
    steps(draft, PC, SECRET)
    made = manual.enclose(draft.pk, None, NOBODY)
    assert (made.label, made.title, made.file) == ("別添1", "操作方法（福岡県薬剤師会作成版）", None)
    issue.release(cast.approved(draft).pk, cast.actor("staff"))
    made.refresh_from_db()
    assert made.file.name == "操作方法（福岡県薬剤師会作成版）.pdf"
    text = text_of(made.file.read())
    assert "初期パスワードを紙に控える" in text and "下書き" not in text


def test_it_becomes_the_file_of_an_enclosure_that_came_as_text(draft: Notice):
    steps(draft, PC)
    came = draft.attachments.create(position=1, label="別添2", title="操作方法", text="1. 開く")
    assert manual.may_become(draft) == [came]
    manual.enclose(draft.pk, came.pk, NOBODY)
    assert manual.attachment_of(draft) == came


def test_a_letter_that_came_with_a_packet_gets_no_new_enclosure(draft: Notice):
    Notice.objects.filter(pk=draft.pk).update(number_fixed=True)
    assert manual.enclose(draft.pk, None, NOBODY) is None
    assert not draft.attachments.exists()


def test_a_file_that_is_laid_beside_takes_its_place(draft: Notice):
    steps(draft, PC)
    made = manual.enclose(draft.pk, None, NOBODY)
    enclosures.give_file(
        draft.pk, made.pk, StoredFile.objects.keep(b"%PDF-1.7", "own.pdf", "application/pdf"), "own.pdf"
    )
    assert manual.attachment_of(draft) is None


def test_by_itself_it_has_page_numbers_and_in_a_packet_those_of_the_packet(draft: Notice):
    steps(draft, PC)
    manual.enclose(draft.pk, None, NOBODY)

    def foot(content: bytes) -> str:
        """What stands in the lowest 22 mm of the last page."""
        *_, last = pypdfium2.PdfDocument(content)
        return last.get_textpage().get_text_bounded(top=22 * 72 / 25.4).strip()

    assert foot(manual.manual_pdf(draft)) == "1"
    assert foot(binding.bind(draft, letter_pdf(draft)).content) == "2 / 2"


def test_without_steps_nobody_can_ask_for_the_approval(draft: Notice, cast):
    manual.enclose(draft.pk, None, NOBODY)
    with pytest.raises(issue.NoStepsToPrint):
        cast.approved(draft)
    assert Release.objects.get(notice=draft).state == Release.State.PREPARED


def test_staff_enclose_it_look_at_it_and_leave_it_out_on_the_page_of_the_steps(desk, draft: Notice):
    steps(draft, PC)
    page = desk.get(address("steps", draft))
    assert "「操作方法（福岡県薬剤師会作成版）」を別添に足す" in shown(page)
    sent = rows(draft, manual="new") | {"step-0-title": "設定の画面を開く"}
    page = shown(desk.post(address("steps", draft), sent, follow=True))
    assert "別添1の PDF を、発出のときに、この手順から作ります" in page and "作るのをやめる" in page
    assert "設定手順</button>から PDF を作ります" in shown(desk.get(address("compose", draft)))
    assert "設定の画面を開く" in text_of(desk.get(address("manual_pdf", draft)).content), "what was typed is saved too"
    desk.post(address("steps", draft), rows(draft, manual="none"))
    assert manual.attachment_of(draft) is None


def test_the_preview_of_no_steps_says_so(desk, draft: Notice):
    assert "手順がまだありません" in shown(desk.get(reverse("notices:manual_pdf", args=[draft.pk]), follow=True))
