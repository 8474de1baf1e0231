"""The site's addresses."""

from django.urls import include, path
from django.views.generic import TemplateView

from notices.views import home, style

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("members.urls")),
    path("", include("notices.urls")),
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html"), name="privacy"),
    path("help/", TemplateView.as_view(template_name="pages/help.html"), name="help"),
    path("style/", style.style, name="style"),
]

handler400 = "notices.views.refusals.bad_request"
handler500 = "notices.views.refusals.server_error"
