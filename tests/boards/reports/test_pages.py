"""Reports and certificates as people get them: pages, PDF, Excel and CSV."""

import datetime as dt
from urllib.parse import parse_qs, quote, urlsplit

import pypdfium2
import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from members import wareki
from members.history import NOBODY
from notices.boards.reports import certificate, document
from notices.models import OnBehalf, Receipt, Release
from notices.models.receipt import Via
from notices.procedures import report as reporting
from notices.tracking import on_behalf, setup
from tests.boards.reading import plain, sheet, text_of, workbook
from tests.boards.reports.conftest import Week
from tests.cast import Cast


def opened(week: Week, name: str, *keys: int, who: str = "staff", **query: object) -> HttpResponse:
    return week.cast.client(who).get(reverse(f"notices:{name}", args=keys), query)


def words_of(page: HttpResponse) -> str:
    """The text of a PDF, without spaces and line breaks."""
    assert page.status_code == 200 and page["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(page.content)
    return "".join("".join(sheet.get_textpage().get_text_range().split()) for sheet in document)


def pages_of(page: HttpResponse) -> int:
    return len(pypdfium2.PdfDocument(page.content))


def at(week: Week, day: float) -> str:
    return timezone.localtime(week.day(day)).isoformat()


def test_the_report_of_a_notice_is_a_page_and_the_same_as_pdf_excel_and_csv(week: Week):
    key, moment = week.release.notice_id, at(week, 4)
    page = opened(week, "notice_report", key, at=moment)
    text = text_of(page)
    assert "対象薬局 6 2 地区" in text
    assert "確認 3 50.0% うち代理 1、期限後 1" in text
    assert "完了 1 20.0% 分母は対象外を除く 5。うち代理 0、設定の途中 1" in text
    proof = page.context["digest"]
    assert proof in text
    rows = sheet(opened(week, "notice_report_csv", key, at=moment))
    assert {row["照合値"] for row in rows} == {proof}
    assert {row["時点"] for row in rows} == {moment}
    whole, first, second = rows[:3]
    assert (whole["区分"], whole["確認"], whole["確認率"], whole["半数の日数"]) == ("全体", "3", "0.5", "3.0")
    assert [(row["名"], row["確認"], row["未確認"]) for row in (first, second)] == [
        ("白鷺", "3", "0"),
        ("髙尾台", "0", "3"),
    ]
    assert [row["確認"] for row in rows if row["区分"] == "日"] == ["0", "1", "2", "3", "3"]
    heading, *lines = workbook(opened(week, "notice_report_xlsx", key, at=moment))
    assert len(lines) == len(rows) and lines[0][heading.index("確認率")] == 0.5
    paper = opened(week, "notice_report_pdf", key, at=moment)
    words = words_of(paper)
    for expected in ("発出文書の周知状況報告書", "理事会資料", proof, "髙﨑美緒", "髙﨑薬局", "確認350.0%", "1/"):
        assert expected in words
    report = reporting.of_notice(week.release, week.day(4))
    above = "".join(plain(document.notice_html(report, "", for_above=True)).split())
    assert "上部団体への報告" in above and proof in above and "髙尾台" in above
    assert not any(pharmacy.name in above for pharmacy in week.cast.pharmacies)


@pytest.mark.parametrize(
    ("name", "who", "saved_as"),
    [
        ("notice_report_pdf", "staff", "{number}_周知状況報告書_理事会資料_{day}.pdf"),
        ("receipt_certificate", "staff", "{number}_実施証明_白鷺中央薬局_{day}.pdf"),
        ("own_certificate", "pharmacy", "{year}_実施証明_白鷺中央薬局_{day}.pdf"),
        ("year_report_pdf", "staff", "{year}_周知状況報告書_理事会資料_{day}.pdf"),
        ("approval_sheet", "staff", "{number}_起案用紙.pdf"),
        ("district_calls", "chair", "{number}_電話連絡表_{district}.pdf"),
        ("own_circulation", "pharmacy", "{number}_薬局内回覧.pdf"),
    ],
)
def test_what_is_saved_says_in_its_name_what_it_is_about(week: Week, name: str, who: str, saved_as: str):
    own = week.cast.receipt(week.release, week.cast.shirasagi).pk
    keys = {"notice_report_pdf": [week.release.notice_id], "approval_sheet": [week.release.notice_id]}
    keys |= {
        "receipt_certificate": [week.receipt(0).pk],
        "own_circulation": [week.receipt(0).pk],
        "district_calls": [own],
    }
    disposition = opened(week, name, *keys.get(name, []), who=who)["Content-Disposition"]
    expected = saved_as.format(
        number=week.release.notice.number_text,
        district=week.cast.shirasagi.label,
        year=wareki.fiscal_year_label(timezone.localdate()),
        day=timezone.localdate().isoformat(),
    )
    assert disposition == f"inline; filename*=utf-8''{quote(expected)}"


def test_the_moment_is_typed_and_what_cannot_be_is_refused_with_the_reason(week: Week):
    key = week.release.notice_id

    def answer(**query: str) -> tuple[int, str]:
        page = opened(week, "notice_report", key, **query)
        return page.status_code, text_of(page)

    day = wareki.long_date(timezone.localdate(week.day(1)))
    status, text = answer(day=day, clock="23時")
    assert (status, "確認 1 16.7%" in text) == (200, True)
    assert "確認 1 16.7%" in answer(day=day)[1]  # to the end of that day
    status, text = answer(day="令和90年1月1日")
    assert status == 422 and "これから先の時点の報告書は作れません" in text
    assert "に発出しました" in answer(day="令和2年1月1日")[1]
    assert "日を入れてください" in answer(clock="9:00")[1]
    assert "2月は" in answer(day="令和6年2月30日")[1]
    for nonsense in ("", "x", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-12:00", "2026-01-01"):
        assert answer(at=nonsense)[0] == 200  # as of now
    assert answer(day="9999年12月31日")[0] == 422
    future = opened(week, "notice_report_pdf", key, at=at(week, 99))
    assert (future.status_code, "これから先" in text_of(future)) == (422, True)
    assert opened(week, "year_report_csv", at=at(week, 99)).status_code == 422


def test_the_report_of_a_year_has_a_row_a_notice_and_sums(week: Week):
    week.cast.released("お知らせの通知", ask="inform")
    asked_for = wareki.fiscal_year(week.release.released_on)
    page = opened(week, "year_report", year=asked_for, at=at(week, 4))
    text = text_of(page)
    assert f"{week.release.notice.number_text} 在宅患者の残薬調整について" in text
    assert "返事を求めた通知の計 1 6 3 1 50.0%" in text and "うち期限をすぎた通知 1 6 3 1 50.0%" in text
    assert "期限をすぎた通知" not in text_of(opened(week, "year_report", year=asked_for, at=at(week, 2))), "not yet"
    assert "お知らせの通知" not in text  # released after the moment
    link = page.content.decode().partition('notice-name"><a href="')[2].partition('"')[0]
    assert parse_qs(urlsplit(link).query)["at"] == [at(week, 4)]
    rows = sheet(opened(week, "year_report_csv", year=asked_for, at=at(week, 4)))
    assert [(row["区分"], row["確認"], row["期限後の確認"], row["期限を過ぎて未確認"]) for row in rows] == [
        ("通知", "3", "1", "3"),
        ("計", "3", "1", "3"),
        ("計", "3", "1", "3"),
        ("計", "3", "1", "3"),
    ]
    words = words_of(opened(week, "year_report_pdf", year=asked_for, at=at(week, 4)))
    assert rows[0]["照合値"] in words and week.release.notice.number_text in words


def test_a_notice_that_asks_for_nothing_lacks_no_answers(cast: Cast):
    release = cast.released(ask=Release.Ask.INFORM)
    keys = [release.notice_id]
    text = text_of(cast.client("staff").get(reverse("notices:notice_report", args=keys)))
    assert "送信済 6 100.0%" in text and "未確認 " not in text and "日ごとの推移" not in text
    for name, at in (("notice_report_csv", keys), ("year_report_csv", [])):
        rows = sheet(cast.client("staff").get(reverse(f"notices:{name}", args=at)))
        assert (rows[0]["薬局"], rows[0]["確認"], rows[0]["未確認"], rows[0]["完了率"]) == ("6", "", "", "")


def test_a_year_without_a_release_says_so(cast: Cast):
    page = cast.client("staff").get(reverse("notices:year_report"))
    assert "この時点までに発出した通知はありません" in text_of(page)
    assert "PDF" not in text_of(page)


def certified(receipt: Receipt, moment: dt.datetime) -> str:
    """What stands on the certificate, without spaces."""
    return "".join(plain(document.certificate_html(certificate.of_receipt(receipt, moment))).split())


def test_a_certificate_says_on_one_page_what_a_pharmacy_did_when_and_how(week: Week):
    finished, third = week.receipt(0), week.receipt(2)
    paper = opened(week, "own_receipt_certificate", finished.pk, who="pharmacy", at=at(week, 4))
    words = words_of(paper)
    assert pages_of(paper) == 1
    number = week.release.notice.number_text
    for expected in ("実施証明", "白鷺中央薬局殿", "福岡県薬剤師会", number, "個人用URL", "照合値"):
        assert expected in words
    day = wareki.long_date(timezone.localdate(week.day(1)))
    assert f"確認{day}10:00" in words and f"設定の完了{day}10:00" in words
    before = certified(finished, week.day(4))
    setup.reopen(finished.pk, actor=NOBODY, via=Via.PERSONAL)
    finished.refresh_from_db()
    assert certified(finished, week.day(4)) == before
    assert "設定の完了まだ" in certified(finished, timezone.now())
    assert "島はるか" in certified(third, timezone.now())


def test_a_certificate_tells_of_an_answer_that_was_recorded_for_the_pharmacy(week: Week):
    asked = week.receipt(1)
    words = certified(asked, timezone.now())
    for expected in ("代理（電話）", "答えた方髙木亮", "記録公益社団法人福岡県薬剤師会", "訪問をしていない"):
        assert expected in words
    assert "髙﨑美緒" not in words
    on_behalf.undo(OnBehalf.objects.get().pk, actor=week.cast.actor("staff"))
    assert "確認未確認" in certified(week.receipt(1), timezone.now())
    assert "答えた方髙木亮" in certified(week.receipt(1), week.day(4))


def test_a_certificate_of_a_year_is_of_the_own_pharmacy(week: Week):
    own = words_of(opened(week, "own_certificate", who="pharmacy"))
    assert "白鷺中央薬局殿" in own and week.release.notice.number_text in own


@pytest.mark.parametrize("name", ["notice", "receipt", "own_receipt", "own_history"])
def test_pages_lead_to_what_there_is_to_take_along(week: Week, name: str):
    keys = {"notice": [week.release.notice_id], "receipt": [week.receipt(0).pk], "own_receipt": [week.receipt(0).pk]}
    who = "pharmacy" if name.startswith("own") else "staff"
    page = opened(week, name, *keys.get(name, []), who=who).content.decode()
    link = {"notice": "/report/", "own_history": "/own/certificate.pdf"}.get(name, "/certificate.pdf")
    assert link in page
