"""The site's addresses."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import TemplateView

from notices.views import home, style

# How long what is kept, for the page that says so.
KEPT = {"trace_days": settings.TRACE_DAYS, "names_years": settings.NAMES_YEARS}

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("members.urls")),
    path("", include("notices.urls")),
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html", extra_context=KEPT), name="privacy"),
    path("help/", TemplateView.as_view(template_name="pages/help.html"), name="help"),
    path("style/", style.style, name="style"),
]

handler400 = "notices.views.refusals.bad_request"
handler500 = "notices.views.refusals.server_error"
