"""Heads as they arrive: behind a cover, under a stamp, with labels, with a list of addressees at the foot.

Every text here is invented.
"""

import datetime

import pytest

from notices.intake.reader import read_text
from notices.intake.reading import ReadIssuer
from tests.intake.letters import numbers, the_letter

NOTICE = """青薬発第７１２号
令和６年12月９日

各支部長　殿

一般社団法人青海県薬剤師会
会長　海野　太郎

休日当番薬局の届出について（依頼）

　標記について、別紙により届け出るようお願いいたします。
"""


# Numbers -------------------------------------------------------------------------------------------------------------


def test_a_number_outside_the_count_is_kept_as_printed_and_no_doubt() -> None:
    letter = the_letter(NOTICE.replace("青薬発第７１２号", "青 薬 号 外"))
    assert numbers(letter) == ["青薬号外"]
    assert not [warning for warning in letter.warnings if warning.field == "numbers"]


def test_a_number_printed_without_its_counter_is_kept_as_printed() -> None:
    assert numbers(the_letter(NOTICE.replace("青薬発第７１２号", "青機安発 1209001 号"))) == ["青機安発1209001号"]


@pytest.mark.parametrize(
    ("beginning", "number"), [("1 青薬発第 712 号", "青薬発第712号"), ("1 6 青薬発第 712 号", "6青薬発第712号")]
)
def test_the_number_of_the_first_page_is_no_year_of_the_documents(beginning: str, number: str) -> None:
    letter = the_letter(
        f"{beginning}令和 6 年 12 月 9 日 各支部長殿 青海県薬剤師会会長海野太郎 休日当番薬局の届出について "
        "標記について 別紙により届け出るようお願いいたします"
    )
    assert numbers(letter) == [number]


def test_a_run_may_begin_with_its_subject_and_have_no_addressee() -> None:
    letter = the_letter(
        "「薬局の構造に関する基準」の一部改正に係る意見の募集について 令 和 6 年 1 2 月 9 日 "
        "厚 生 労 働 省 医 薬 局 総 務 課 薬局の構造に関する基準については、下記により御意見を募集します。 記 1 期間"
    )
    assert (letter.subject, letter.date, letter.addressees) == (
        "「薬局の構造に関する基準」の一部改正に係る意見の募集について",
        datetime.date(2024, 12, 9),
        [],
    )
    assert letter.issuers == [ReadIssuer("厚生労働省医薬局総務課")]


