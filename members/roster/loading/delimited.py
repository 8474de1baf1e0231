"""CSV as associations have it: CP932, UTF-8 or UTF-16, with commas, tabs or semicolons between."""

import codecs
import csv
import io
import re

from members.roster.loading.sheets import NotReadable, Sheet

MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
DELIMITERS = ",\t;"
SAMPLE_LINES = 20
# How what is no list of values begins: Excel opens Web pages that are named .xls as if they were workbooks.
WEB_PAGE = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<(!doctype|html|head|meta|body|table|div|style|\?xml|\?mso)\b|mime-version:)", re.I
)
NO_TABLE = "{what}です。Excel で開き、「Excel ブック（.xlsx）」として保存し直してから選んでください。"
IS_WEB_PAGE = NO_TABLE.format(what="名前にかかわらず、中身は Web ページ（HTML・XML）")
IS_PDF = "PDF のファイルです。元の Excel か CSV のファイルを選んでください。"
UNREADABLE = (
    "文字コードが分かりませんでした（{line}行目に、読めない文字があります）。Excel で開き直し、"
    "「CSV UTF-8（コンマ区切り）」か Excel ブック（.xlsx）で保存して、もう一度選んでください。"
)


def read(content: bytes) -> list[Sheet]:
    """The one sheet of a CSV file. Raises NotReadable."""
    if content.startswith(b"%PDF-"):
        raise NotReadable(IS_PDF)
    if WEB_PAGE.match(content):
        raise NotReadable(IS_WEB_PAGE)
    text = decode(content)
    if "\0" in text:
        raise NotReadable("文字ではないデータが入っています。Excel か CSV のファイルを選んでください。")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise NotReadable("CSV として読めませんでした。Excel ブック（.xlsx）で保存し直してください。") from error
    return [Sheet("", rows)]


def decode(content: bytes) -> str:
    """The text, never guessed: by its byte order mark, else UTF-8, else CP932. Raises NotReadable."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return _strictly(content.removeprefix(mark), encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, "cp932")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotReadable(UNREADABLE.format(line=line)) from error


def _delimiter(text: str) -> str:
    """The sign that the first lines hold most often; the comma where they hold none."""
    sample = "\n".join(text.split("\n", SAMPLE_LINES)[:SAMPLE_LINES])
    return max(DELIMITERS, key=sample.count)
