"""Who issued a letter: lines of organisations, offices and names → issuers."""

import re
from dataclasses import replace

from notices.intake.lines import Line, joined
from notices.intake.marks import SEAL
from notices.intake.reading import ReadIssuer

_KANJI = r"々〆ヶ\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# What an office's line may begin with and a name never holds: the words of subjects.
_NO_NAME = "平成|令和|感染|新型|障害|電子|情報|医|薬|療|険|法|[介看保救養]護|診|剤|業|度"
_NAME = rf"(?!.*(?:{_NO_NAME}))[{_KANJI}ァ-ヺーぁ-ゖ]{{2,8}}"
CORPORATE = r"(?:公益|一般|特例)?(?:社団|財団)法人|独立行政法人|国立研究開発法人|特定非営利活動法人|社会福祉法人"
# The last word of an organisation's name.
ORGANISATION_END = re.compile(
    r"(?:省|庁|局|部|課|室|係|班|会|連盟|機構|団体|法人|財団|センター|所|組合|大学|病院|医院|社|校|館|署|県|府|都|道|市|区|町|村|基金|グループ|チーム|薬局)"
    r"(?:\([^()]{1,8}\))?$"
)
_STANDING_OFFICE = (
    r"(?:代表|専務|常務|常任|副|筆頭|名誉|担当|主管|総括|技術|政策|事務)*"
    # 常任理事 長島 is no 理事長.
    r"(?:(?<!常任)(?<!常務)(?<!専務)(?<!担当)理事長|理事|会長|会頭|総裁|委員長|議長|事務局長|支部長|本部長|センター長|所長|院長|学長|校長|館長|署長|(?:代表)?取締役(?:社長|会長)?|社長"
    r"|知事|市長|区長|町長|村長|教育長|大臣|長官|次官|審議官|参事官|統括官|企画官|管理官|対策官|管理者|収入役|次長|役員|担当官)"
)
_OFFICE_OF_UNIT = r"[^省庁局部課室県府()、。]{1,16}(?:局|部|課|室|係|班)(?:次長|長)"
# An office away from its authority is a unit of it, too: 九州厚生局 福岡事務所長, 福岡市 保健所長.
_OFFICE_OF_BRANCH = (
    r"(?<=[省庁局部県府都道市区])[^省庁局部課室県府()、。]{0,16}(?:事務所|保健所|出張所|支所)(?:次長|長)"
)
OFFICE = re.compile(
    rf"(?P<organisation>(?:北海道|東京都|[{_KANJI}]{{1,4}}[市区](?!長))?.*?)"
    rf"(?P<title>{_STANDING_OFFICE}|{_OFFICE_OF_UNIT}|{_OFFICE_OF_BRANCH})(?P<name>{_NAME})?"
)
_ONLY_NAME = re.compile(_NAME)
TOP = re.compile(rf"(?:{CORPORATE}|日本|全国|[{_KANJI}]{{1,6}}?(?:省|庁|都|道|府|県|市)|こども家庭庁|内閣)")
MINISTRY = re.compile("[一-龠]{1,6}?[省庁]|こども家庭庁")
_LABEL = re.compile(r"(?:発信(?:者|元)?|発出者?|発行(?:者|元)|差出人|文責)[:：]")
_DIVISION = re.compile(r"[^局部課室]+課(?:[^課室局部]+室(?!長))?|[^局部課室]+室(?!長)")
_HIRAGANA_IN_NAMES = re.compile(
    "こども|まちづくり|ものづくり|くらし|すまい|いのち|みらい|がん|あり方|向け|さいたま|いわき|つくば|ひたちなか|あきる野|ふじみ野"
    "|むつ|いすみ|みよし|うるま|いなべ|かほく|あわら|さぬき|みどり|みやま|うきは|えびの|にかほ|たつの|あま市|おいらせ"
)
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_MINISTRY = re.compile(r".{2,8}?[省庁](?=.*[局部課室])")

# For names whose every character is spaced: one-character surnames, and second characters of longer ones.
_ONE_CHARACTER_SURNAMES = (
    "森林原堀岡関東南西北辻泉谷星菅島柴平丸浜濱濵岸金沢澤橘榎桂栗桑神宮城"
    "秦畑旭乾今梶境角楠窪郡佃堤椿寺中仲錦萩秋牧槇松向山吉芳脇渡"
)
_SECOND_IN_SURNAMES = (
    "田下本川山野村井口島嶋崎﨑原木沢澤岡谷部藤上中林内尾池橋瀬津水森塚平屋見間浦倉辺邉邊江子葉保住重黒賀賢"
)


def short_name(organisation: str) -> str:
    """The name in lists: 日本薬剤師会 for 公益社団法人日本薬剤師会, 厚生労働省 for a division of it."""
    name = re.sub(rf"^(?:{CORPORATE})\s*", "", organisation)
    ministry = _MINISTRY.match(name)
    return ministry[0] if ministry else name


def without_hiragana(text: str) -> bool:
    """Whether the text holds no hiragana besides those of organisations' names: issuers have none, subjects do."""
    return not _HIRAGANA.search(_HIRAGANA_IN_NAMES.sub("", text))


def is_issuer_line(text: str, after_office: bool = False) -> bool:
    """Whether a line of the heading can name an issuer; a bare name only does after its office."""
    text = SEAL.sub("", _LABEL.sub("", text))
    if not text or len(text) > 45 or re.search(r"[、。「」:：]|^[0-9○・]", text) or not without_hiragana(text):
        return bool(text) and after_office and bool(_ONLY_NAME.fullmatch(text))
    if ORGANISATION_END.search(text) or OFFICE.fullmatch(text):
        return True
    return after_office and bool(_ONLY_NAME.fullmatch(text))


def names_organisation(text: str) -> bool:
    """Whether a line of the heading can name an issuer's organisation, with or without an office behind it."""
    match = OFFICE.fullmatch(text)
    return is_issuer_line(text) and (match is None or bool(match["organisation"]))


def read_issuers(lines: list[Line]) -> list[ReadIssuer]:
    """The issuers that the lines name, in their order; a letter of several offices has several."""
    issuers: list[ReadIssuer] = []
    for line in lines:
        for organisation, title, name in _persons(line):
            if organisation:
                _add_organisation(issuers, organisation)
            if title:
                _add_title(issuers, title)
            if name and issuers:
                issuers[-1] = replace(issuers[-1], name=name)
    return [one for issuer in issuers for one in _divisions(_of_local_government(_of_ministry(issuer)))]


def tidy_name(line: Line) -> str:
    """A person's name with one space between surname and given name, where the text shows or implies it."""
    words = line.words()
    if len(words) == 1 and all(line.gap(index) for index in range(1, len(line.text))):
        return _split_spaced_name(line)
    return " ".join(word.tidy for word in words)


def _persons(line: Line) -> list[tuple[str, str, str]]:
    """(organisation, title, name) of a line, any of them empty."""
    arrow = re.match(r"[←→⇐]", line.text) or _LABEL.match(line.text)
    if arrow:
        line = line.part(arrow.end())
    seal = SEAL.search(line.text)
    if seal:
        rest = [part for part in (line.part(0, seal.start()), line.part(seal.end())) if part.text]
        if not rest:
            return []
        line = joined(rest)
    match = OFFICE.fullmatch(line.text)
    if match:
        organisation = line.part(0, match.end("organisation"))
        cut = _name_start(line, match)
        name = tidy_name(line.part(cut)) if cut < len(line.text) else ""
        return [(organisation.tidy if organisation.text else "", line.text[match.start("title") : cut], name)]
    if ORGANISATION_END.search(line.text):
        return [(line.tidy, "", "")]
    return [("", "", tidy_name(line))]


def _name_start(line: Line, match: re.Match[str]) -> int:
    """Where the name begins behind an office: a 長 that only the wider space before it divides is a surname's."""
    end = match.end("title")
    surname = match["name"] and match["title"].endswith("理事長") and line.gap(end - 1) > line.gap(end)
    return end - 1 if surname else end


def _add_organisation(issuers: list[ReadIssuer], organisation: str) -> None:
    last = issuers[-1] if issuers else None
    if last is None or (TOP.match(organisation) and not re.fullmatch(CORPORATE, last.organisation)):
        issuers.append(ReadIssuer(organisation))
    elif last.title or re.search("[課室]$", last.organisation):
        issuers.append(ReadIssuer(_parent(last.organisation, organisation) + organisation))
    else:
        issuers[-1] = replace(last, organisation=last.organisation + organisation)


def _add_title(issuers: list[ReadIssuer], title: str) -> None:
    if not issuers:
        issuers.append(ReadIssuer("", title))
    elif issuers[-1].title:
        issuers.append(ReadIssuer(_parent(issuers[-1].organisation, title), title))
    else:
        issuers[-1] = replace(issuers[-1], title=title)


def _parent(organisation: str, unit: str) -> str:
    """The part of an organisation that a unit of the same ministry shares: down to 省 for a 局, to 局 for a 部."""
    rank = re.search("局(?=次?長|[^会]*[部課室]長)|部|$", unit)[0]
    level = {"局": "[省庁]", "部": "[省庁局]"}.get(rank, "[省庁局部]")
    match = re.match(rf".*{level}", organisation)
    if not match and rank == "局" and re.search("局|官房", organisation):
        # Beside a bureau that names no ministry stands another bureau, not one within it.
        match = re.match("北海道|東京都|.{2,3}?[府県]|", organisation)
    return match[0] if match else organisation


def _of_ministry(issuer: ReadIssuer) -> ReadIssuer:
    """文部科学 + 事務次官 is 文部科学省's; 福岡県薬剤師 + 会長 is 福岡県薬剤師会's."""
    if issuer.title and re.search("次官|大臣", issuer.title) and re.search("[^省庁]$", issuer.organisation):
        return replace(issuer, organisation=issuer.organisation + "省")
    if issuer.title == "会長" and issuer.organisation.endswith("師"):
        return replace(issuer, organisation=issuer.organisation + "会")
    return issuer


def _of_local_government(issuer: ReadIssuer) -> ReadIssuer:
    """A department of a prefecture or city is an organisation of its own: 岐阜県 + 衛生部長 is 岐阜県衛生部's 部長."""
    unit = re.fullmatch(r"(?P<unit>.+[局部課室])(?:次長|長)", issuer.title or "")
    if unit and re.search("[都道府県市区]$", issuer.organisation):
        rank = issuer.title[len(unit["unit"]) - 1 :]
        return replace(issuer, organisation=issuer.organisation + unit["unit"], title=rank)
    return issuer


def _divisions(issuer: ReadIssuer) -> list[ReadIssuer]:
    """The issuers of a name in which several divisions of one bureau follow each other."""
    bureau = re.match(r".*[局部]", issuer.organisation)
    names = _DIVISION.findall(issuer.organisation[bureau.end() :]) if bureau and not issuer.title else []
    if not bureau or len(names) < 2 or "".join(names) != issuer.organisation[bureau.end() :]:
        return [issuer]
    return [ReadIssuer(bureau[0] + name) for name in names]


def _split_spaced_name(line: Line) -> str:
    text = "".join(line.page[offset] for offset in line.offsets)
    short = len(text) == 2 or (
        len(text) == 3 and text[0] in _ONE_CHARACTER_SURNAMES and text[1] not in _SECOND_IN_SURNAMES
    )
    cut = 1 if short else 2
    return f"{text[:cut]} {text[cut:]}"
