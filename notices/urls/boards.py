"""Addresses of the stage boards."""

from django.urls import path

from members.sheets import Kind
from notices.views import archive, boards, district, own, papers, pass_on, prints, reports, search, today, trends

urlpatterns = [
    path("today/", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("notices/", archive.notices, name="notices"),
    path("notices/trends/", trends.trends, name="trends"),
    path("notices/<int:pk>/", archive.notice, name="notice"),
    path("notices/<int:pk>/attachments/<int:attachment_id>/", archive.attachment, name="notice_attachment"),
    path("notices/<int:pk>/files/<int:attachment_id>/", archive.file, name="notice_file"),
    path("notices/<int:pk>/pharmacies/", boards.pharmacies, name="notice_pharmacies"),
    path("notices/<int:pk>/on-behalf/", boards.on_behalf, name="notice_on_behalf"),
    path("notices/<int:pk>/districts.csv", boards.districts, {"kind": Kind.CSV}, name="notice_districts_csv"),
    path("notices/<int:pk>/districts.xlsx", boards.districts, {"kind": Kind.XLSX}, name="notice_districts_xlsx"),
    path("notices/<int:pk>/report/", reports.notice, name="notice_report"),
    path("notices/<int:pk>/report.pdf", reports.notice, {"kind": reports.PDF}, name="notice_report_pdf"),
    path("notices/<int:pk>/report.csv", reports.notice, {"kind": Kind.CSV}, name="notice_report_csv"),
    path("notices/<int:pk>/report.xlsx", reports.notice, {"kind": Kind.XLSX}, name="notice_report_xlsx"),
    path("reports/", reports.of_year, name="year_report"),
    path("reports/year.pdf", reports.of_year, {"kind": reports.PDF}, name="year_report_pdf"),
    path("reports/year.csv", reports.of_year, {"kind": Kind.CSV}, name="year_report_csv"),
    path("reports/year.xlsx", reports.of_year, {"kind": Kind.XLSX}, name="year_report_xlsx"),
    path("receipts/<int:pk>/certificate.pdf", reports.of_receipt, name="receipt_certificate"),
    path("own/certificate.pdf", reports.own_year, name="own_certificate"),
    path("own/<int:key>/certificate.pdf", own.entered(reports.own_receipt), name="own_receipt_certificate"),
    path("directory/<int:pk>/certificate.pdf", reports.of_organisation, name="organisation_certificate"),
    path("district/", district.district, name="district"),
    path("district/<int:key>/", district.receipt, name="district_receipt"),
    path("district/<int:key>/accept/", district.accept, name="district_accept"),
    path("district/<int:key>/pass-on/", district.pass_on, name="district_pass_on"),
    path("district/<int:key>/take-back/", district.take_back, name="district_take_back"),
    path("district/<int:key>/members/", pass_on.compose, name="district_compose"),
    path("district/<int:key>/members/preview/", pass_on.preview, name="district_preview"),
    path("district/<int:key>/members/sending/", pass_on.steer, name="district_steer"),
    path("district/<int:key>/papers/", district.letter, name="district_papers"),
    path("district/<int:key>/calls.pdf", prints.calls, name="district_calls"),
    path("district/<int:key>/letter.pdf", district.entered(papers.letter), name="district_receipt_letter"),
    path("district/<int:key>/packet.pdf", district.entered(papers.bound), name="district_receipt_bound"),
    path(
        "district/<int:key>/attachments/<int:pk>/",
        district.entered(papers.attachment),
        name="district_receipt_attachment",
    ),
    path("district/<int:key>/files/<int:pk>/", district.entered(papers.file), name="district_receipt_file"),
    path("directory/<int:pk>/notices/", archive.organisation_notices, name="organisation_notices"),
]
