"""Addresses of what travels, one module a stage of the way."""

from notices.urls import boards, distribution, intake, letters, tracking

app_name = "notices"

urlpatterns = [
    *intake.urlpatterns,
    *letters.urlpatterns,
    *distribution.urlpatterns,
    *tracking.urlpatterns,
    *boards.urlpatterns,
]
