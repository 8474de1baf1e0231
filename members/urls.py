"""Addresses of signing in, of the roster, its tasks and the history. Names starting with account_ are allauth's own."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from members.views import directory, history, loads, officers, signin, tasks

to_signin = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("signin/", allauth_views.request_login_code, name="account_login"),
    path("signin/", allauth_views.request_login_code, name="account_request_login_code"),
    path("signin/code/", allauth_views.confirm_login_code, name="account_confirm_login_code"),
    path("signin/closed/", to_signin, name="account_signup"),
    path("signin/inactive/", to_signin, name="account_inactive"),
    path("signin/once/<str:token>/", signin.use_pass, name="signin_pass"),
    path("signout/", allauth_views.logout, name="account_logout"),
    path("capacity/", signin.choose_capacity, name="capacity"),
    path("directory/", directory.directory, name="directory"),
    path("directory/loads/", loads.roster_loads, name="roster_loads"),
    path("directory/loads/<int:pk>/", loads.roster_load, name="roster_load"),
    path("directory/loads/<int:pk>/refused/", loads.roster_load_refused, name="roster_load_refused"),
    path("directory/<int:pk>/", directory.organisation, name="organisation"),
    path("directory/<int:pk>/edit/", directory.edit, name="organisation_edit"),
    path("directory/<int:pk>/mailboxes/", tasks.add_mailbox, name="mailbox_add"),
    path("directory/<int:pk>/officers/", officers.take, name="officer_new"),
    path("officers/<int:pk>/", officers.leave, name="officer"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("history/", history.history, name="history"),
]
