"""訂正を出す, 廃止を知らせる, 再周知する: from a released notice to the draft that stands in its place or beside it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from members.history import Actor
from notices import succession
from notices.letters import composing, correcting, following_up
from notices.models import Notice, Relation
from notices.views.doors import drafting, staff_only

TO_CORRECT = "訂正の下書きを作りました。元の通知の内容を写してあります。直して、「変わったところ」を書いてください。"
TO_FOLLOW_UP = "再周知の下書きを作りました。宛先は、前の通知がまだの薬局です。文面と新しい期限を確かめてください。"
ALREADY_FOLLOWED_UP = "もう一度知らせるときは、この通知から進みます。"
WITHDRAW_FIRST = "まだの薬局はこの通知に答えています。元の通知の{}を出すときは、先にこの通知を廃止してください。"
WORDS = {Relation.Kind.CORRECTS: "訂正", Relation.Kind.WITHDRAWS: "廃止の通知"}
TO_WITHDRAW = "廃止の通知の下書きを作りました。「廃止の理由」を書いてください。"


@staff_only
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    return _begin(request, pk, correcting.draft_correction, WORDS[Relation.Kind.CORRECTS], TO_CORRECT)


@staff_only
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _begin(request, pk, correcting.draft_withdrawal, WORDS[Relation.Kind.WITHDRAWS], TO_WITHDRAW)


@staff_only
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _begin(request, pk, following_up.draft_follow_up, "再周知", TO_FOLLOW_UP)


def _begin(request: HttpRequest, pk: int, draft: Callable[[int, Actor], Notice], word: str, to_do: str) -> HttpResponse:
    """To the draft, new or there already; to the newest notice where the old one was superseded before."""
    notice = get_object_or_404(Notice.objects.visible_to(request.capacity), pk=pk)
    if request.method != "POST":  # somebody comes back from the sign-in, or from a restored tab
        return redirect("notices:notice", pk)
    try:
        begun = draft(notice.pk, request.actor)
    except composing.AlreadyADraft as there:
        messages.info(request, _there(there.draft, word))
        return redirect("notices:compose", there.draft.pk)
    except correcting.AlreadySuperseded as refusal:
        done, number = "廃止" if refusal.by.withdraws else "訂正", notice.number_text or notice.subject
        messages.warning(request, f"{number} は、すでに{done}されています。いちばん新しい通知はこれです。")
        return redirect("notices:notice", refusal.by.notice.pk)
    except correcting.AlreadyFollowedUp as refusal:
        rest = ALREADY_FOLLOWED_UP if draft is following_up.draft_follow_up else WITHDRAW_FIRST.format(word)
        messages.warning(request, f"何も作っていません。すでに再周知しています。{rest}")
        return redirect("notices:notice", refusal.by.pk)
    except correcting.CannotWithdraw:
        messages.warning(request, "何も作っていません。廃止の通知は廃止できません。「訂正を出す」をお使いください。")
        return redirect("notices:notice", pk)
    except correcting.NotReleased:
        messages.warning(request, "何も作っていません。訂正・廃止・再周知ができるのは、県から発出した通知だけです。")
        return redirect("notices:notice", pk)
    undoing = f"{reverse('notices:discard', args=[begun.pk])}?next={reverse('notices:notice', args=[pk])}"
    messages.success(request, to_do, extra_tags=undoing)
    return redirect("notices:compose", begun.pk)


def _there(draft: Notice, wanted: str) -> str:
    """Which draft is open in the place of the one that was wanted, and what to do where it is of the other kind."""
    relation = succession.superseding(draft)
    word = WORDS[Relation.Kind(relation.kind)] if relation else wanted
    words = f"この通知の{word}の下書きがすでにあります。その下書きを開きました。"
    return words if word == wanted else f"{words}{wanted}を出すときは、先にこの下書きを破棄してください。"
