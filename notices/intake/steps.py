"""The steps of a set-up that came with a packet: what its guides ask people to do, line by line."""

import re
from collections.abc import Iterator

from members.secrets import handles_secret
from notices.intake.addresses import address_in
from notices.intake.lines import Line, joined
from notices.intake.reading import Step

PC, OTHER, DEVICE, REFERENCE = "PC", "その他", "端末", "参照"

_TITLE = re.compile(
    r"[^。、「」:]{2,40}(?:手順書?|操作方法|設定方法|開き方|使い方|進め方|手引き|ガイド|マニュアル)(?:\([^()]*\))?"
)
# A guide that only leads to another one.
_LEADS_TO = re.compile(r"(?:手順書|手引き|マニュアル|説明書|ページ)(?:まで|の(?:開|見|探|確認)|への)")
_OF_DEVICES = re.compile("端末|タブレット|スマートフォン|スマホ|アプリ")
# What is done at some machine, and what is done by hand.
_AT_MACHINE = re.compile(
    f"{_OF_DEVICES.pattern}|PC|パソコン|コンピュータ|プリンタ|システム|サイト|ページ|画面|ブラウザ|ボタン|メニュー|アイコン|「"
    "|クリック|タップ|ログ(?:イン|アウト|オン|オフ)|サイン(?:イン|アウト)|起動|インストール|ダウンロード|入力|選択|表示|保存|設定|登録"
    "|更新|操作|パスワード|コード|QR|https?:"
)
_BY_HAND = re.compile("押印|捺印|署名|記名|手順書(?:に|へ)|帳簿|台帳|記録簿|掲示|回覧|備え付け|ファイルに綴")
# 手順1, STEP2, 【ステップ3】: whatever stands behind it is a step. Not 手順1を.
_STEP = re.compile(
    r"[【\[(<〔《]?(?:手順|操作|STEP|ステップ)[.:-]?(?:[0-9]{1,2}|[①-⑳])(?![0-9]|[のをにはがでとへも])[】\])>〕》]?[.:：、)）]?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"(?:[0-9]{{1,2}}[.)、]|[(][0-9]{{1,2}}[)]|[①-⑳]|{_STEP.pattern})", re.IGNORECASE)
# What a numbered line says to do, in a guide that is in plain style.
_TELLS = re.compile(r"[うくぐすつぬぶむる]。?$")
_ASKS = re.compile(r"(?:ください|下さい|願います|お願い(?:いた)?します|ます|されたい)。?$")
# From here on it is the device that is set up.
_NOW_DEVICES = re.compile(
    r"^(?:ここから(?:は|先は)?|続いて|次に)、?(?=.*(?:端末|タブレット|スマートフォン)(?:等)?(?:の端末)?で)"
)
# Where a guide ends: 【お問い合わせ先】, ご不明な点は…. Not 画面が出ないときは、お問い合わせください.
_FOR_QUESTIONS = re.compile(
    r"[※・■●◆【〔\[(<《]?(?:(?:本|この|当)[^。、]{1,12}?(?:に関する|について(?:の|、)?))?"
    r"(?:ご|御)?(?:不明な?(?:点|事項)|お?問い?合わ?せ(?:先|窓口|は|[:】〕\])>》]|$)|照会先|連絡先)"
)
# What a page says of itself, and what is left of its pictures.
_OF_PAGE = re.compile(r"(?:次|前)?(?:の)?(?:ページ|頁).{0,6}|.{0,2}|[^ぁ-んァ-ヶ一-龠]*|図表?[0-9]*.{0,10}")
_OVERLEAF = re.compile(r"(?P<what>.*次ページ)を(?:ご|御)?(?:確認|覧|参照).*")


def read_steps(lines: list[Line]) -> list[Step]:
    """The steps that the lines of a packet which belong to no letter ask for, in their order."""
    steps: list[Step] = []
    for group, section in _sections(lines):
        asks = (paragraph for paragraph in section if _ASKS.search(paragraph.text))
        asking = [paragraph for paragraph in asks if not _FOR_QUESTIONS.match(paragraph.text)]
        numbered = [paragraph for paragraph in asking if _NUMBERED.match(paragraph.text)]
        words = [paragraph for paragraph in section if _STEP.match(paragraph.text)]
        told = [paragraph for paragraph in section if _NUMBERED.match(paragraph.text) and _TELLS.search(paragraph.text)]
        # 手順1 and the like may head chapters, in which the steps have numbers of their own.
        words = words if len(words) >= len(numbered) else []
        chosen = next((lines for lines in (words, numbered, told) if len(lines) > 1), asking)
        steps += _with_devices(list(_in_group(group, section, {paragraph.span for paragraph in chosen})))
    return steps


def _with_devices(steps: list[Step]) -> list[Step]:
    """The steps of one guide: where one names a machine, all are done at the PC but those plainly done by hand."""
    names_machine = {step.span: bool(_AT_MACHINE.search(f"{step.title}{step.hint}")) for step in steps}
    for step in steps:
        if step.group == OTHER and any(names_machine.values()):
            step.group = PC
        if step.group == PC and not names_machine[step.span] and _BY_HAND.search(step.title):
            step.group = OTHER
    return steps


def _sections(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Each guide below its title, as paragraphs; what stands above the first title is none."""
    group, section = "", []
    for line in _paragraphs(lines):
        if _TITLE.fullmatch(line.text) and not _NUMBERED.match(line.text):
            if group:
                yield group, section
            group, section = _group(line.text), []
        else:
            section.append(line)
    if group:
        yield group, section


def _group(title: str) -> str:
    if _LEADS_TO.search(title):
        return REFERENCE
    if _OF_DEVICES.search(title) and not re.search("PC|パソコン", title):
        return DEVICE
    return PC if _AT_MACHINE.search(title) else OTHER


def _paragraphs(lines: list[Line]) -> Iterator[Line]:
    """The lines, with those put together that a page has broken."""
    whole: list[Line] = []
    for line in lines:
        if whole and not _goes_on(whole[-1], line):
            yield joined(whole)
            whole = []
        whole.append(line)
    if whole:
        yield joined(whole)


def _goes_on(above: Line, line: Line) -> bool:
    if _STEP.fullmatch(above.text):
        return not _NUMBERED.match(line.text)
    if not above.full or line.apart or _NUMBERED.match(line.text):
        return False
    return not _ASKS.search(above.text) or bool(re.match("ので|が、|と、", line.text))


def _in_group(group: str, section: list[Line], chosen: set[tuple[int, int]]) -> Iterator[Step]:
    step: Step | None = None
    explains = False
    for line in section:
        overleaf = _OVERLEAF.fullmatch(line.tidy)
        if step and overleaf and not line.apart:
            step.title += f"（{overleaf['what']}）"
        elif line.span in chosen and not overleaf:
            if step:
                yield step
            moved = _NOW_DEVICES.match(line.text)
            group = DEVICE if moved else group
            text = line.part(moved.end()) if moved else line
            step = Step(group, text.tidy, group != REFERENCE and handles_secret(text.text), text.span)
            explains = True
        elif step and step.group == REFERENCE and (address := _address(line)):
            step.title += f" {address}"
        elif step:
            explains = explains and not _heads_another(line)
            step.hint += f"\n{line.tidy}" if explains and not _OF_PAGE.fullmatch(line.text) else ""
    if step:
        yield step


def _heads_another(line: Line) -> bool:
    """Whether a line that is no step begins something else, so that what follows explains no step."""
    if _FOR_QUESTIONS.match(line.text):
        return True
    return bool(_NUMBERED.match(line.text)) and not _ASKS.search(line.text) and not _TELLS.search(line.text)


def _address(line: Line) -> str:
    """The address that begins in the line; its rest may stand on the lines below."""
    address = address_in(line.page, line.span)
    return address.url if address else ""
