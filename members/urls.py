"""Addresses of signing in, of the roster, its tasks and the history. Names starting with account_ are allauth's own."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from members.views import answers, directory, history, loads, mailboxes, officers, registering, signin, tasks

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
    path("directory/new/<slug:kind>/", registering.new, name="organisation_new"),
    path("directory/<int:pk>/closed/", answers.closed, name="organisation_closed"),
    path("directory/<int:pk>/mailboxes/", mailboxes.add, name="mailbox_add"),
    path("mailboxes/<int:pk>/", mailboxes.mailbox, name="mailbox"),
    path("mailboxes/<int:pk>/remove/", mailboxes.remove, name="mailbox_remove"),
    path("directory/<int:pk>/officers/", officers.take, name="officer_new"),
    path("officers/<int:pk>/", officers.leave, name="officer"),
    path("officers/<int:pk>/correct/", officers.correct, name="officer_correct"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/answer/", answers.answer, name="task_answer"),
    path("tasks/<int:pk>/decision/", answers.decide, name="task_decision"),
    path("history/", history.history, name="history"),
]
