"""The lists of a release as files: its districts, its pharmacies, and those of one district for its chair."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from members.models import Organisation
from members.sheets import Cell, Sheet
from notices.boards import progress, standing
from notices.models import Receipt, Release

DISTRICT_HEADING = (
    "地区", "薬局", "送信済", "送信待ち", "別経路", "不達", "中止", "確認", "確認（うち代理）", "確認率", "完了",
    "完了（うち代理）", "対象外", "対象外（うち代理）", "完了率", "未確認", "困っています", "会長の受領",
    "会員への周知",
)  # fmt: skip
PHARMACY_HEADING = (
    "地区", "薬局コード", "薬局", "電話", "FAX", "送信", "不達の理由", "確認", "確認の方法", "確認した人", "完了",
    "完了の方法", "対象外", "対象外の方法", "対象外の理由", "困っています",
)  # fmt: skip
MEMBER_HEADING = (
    "薬局コード", "薬局", "管理薬剤師", "電話", "FAX", "送信", "不達の理由", "状況", "確認", "完了", "対象外",
    "困っています",
)  # fmt: skip
AT_A_TIME = 2000


def districts(release: Release) -> Sheet:
    """The board by district, every figure in it."""
    return _named(release, "地区", "districts", DISTRICT_HEADING, _district_rows(release))


def pharmacies(release: Release, receipts: QuerySet[Receipt]) -> Sheet:
    """Pharmacies of a release for staff, who see everything; with `needs_help`, in the order given."""
    return _named(release, "薬局", "pharmacies", PHARMACY_HEADING, _pharmacy_rows(receipts))


def members(release: Release, district: Organisation, receipts: QuerySet[Receipt]) -> Sheet:
    """A district's own pharmacies for its chair: no names of who confirmed, and nothing that they wrote."""
    name = f"{district.label}の薬局"
    return _named(release, name, "pharmacies", MEMBER_HEADING, _member_rows(release, district, receipts))


def _named(release: Release, what: str, plain: str, heading: tuple[str, ...], rows: Iterator[list[Cell]]) -> Sheet:
    return Sheet(f"{release.notice.number_text}_{what}", f"notice-{release.notice_id}-{plain}", heading, rows)


def _district_rows(release: Release) -> Iterator[list[Cell]]:
    for row in progress.by_district(release):
        tally = row.tally
        yield [
            row.name, tally.recipients, tally.sent, tally.waiting, tally.other_channel, tally.failed, tally.stopped,
            tally.confirmed, tally.on_behalf, tally.confirmed_rate, tally.finished, tally.finished_on_behalf,
            tally.not_applicable, tally.not_applicable_on_behalf, tally.finished_rate, tally.unconfirmed,
            tally.needs_help, row.accepted_at, row.passed_on_at,
        ]  # fmt: skip


def _pharmacy_rows(receipts: QuerySet[Receipt]) -> Iterator[list[Cell]]:
    for receipt in receipts.iterator(chunk_size=AT_A_TIME):
        organisation = receipt.organisation
        yield [
            receipt.district.label, organisation.code, organisation.name, organisation.telephone, organisation.fax,
            receipt.get_reach_display(), receipt.reach_reason, receipt.confirmed_at,
            receipt.get_confirmed_via_display(), receipt.confirmed_name, receipt.finished_at,
            receipt.get_finished_via_display(), receipt.not_applicable_at, receipt.get_not_applicable_via_display(),
            receipt.not_applicable_reason, "はい" if receipt.needs_help else "",
        ]  # fmt: skip


def _member_rows(release: Release, district: Organisation, receipts: QuerySet[Receipt]) -> Iterator[list[Cell]]:
    today = timezone.localdate()
    for receipt in receipts.iterator(chunk_size=AT_A_TIME):
        organisation = receipt.organisation
        ours = organisation.parent_id == district.pk  # of one that has moved, how it is reached is the new district's
        state = standing.in_words(receipt, receipt.release, today)
        yield [
            organisation.code, organisation.name, organisation.manager if ours else "",
            organisation.telephone if ours else "", organisation.fax if ours else "",
            receipt.get_reach_display(), receipt.reach_reason, state, receipt.confirmed_at, receipt.finished_at,
            receipt.not_applicable_at, "はい" if receipt.needs_help and release.help_to_district else "",
        ]  # fmt: skip
