"""未送信分を中止: a release is stopped by hand. Of a 再周知 what was done counts for the notice that asks again."""

from django.db import transaction

from members.history import Actor
from notices.distribution import steering
from notices.models import Notice, Receipt, Release
from notices.procedures import carry_over


class MadeKnownAgain(steering.CannotSteer):
    """Recipients of the 再周知 answer another one, `by`; the notice before would ask them beside that."""

    def __init__(self, by: Notice) -> None:
        named = by.number_text or by.subject
        super().__init__(
            f"この再周知の宛先には「{named}」でもう一度知らせていて、中止すると、前の通知も同じことを求めてしまいます。"
            f"中止するときは、先に「{named}」を中止するか廃止してください。送るのを止めておくだけなら、一時停止をお使いください。"
        )
        self.by = by


@transaction.atomic
def stop(release_id: int, actor: Actor) -> Release:
    """What is not sent yet is never sent (`steering.stop`). Raises steering.NotInThisState, MadeKnownAgain."""
    release = steering.stop(release_id, actor)
    if by := _by(release):
        raise MadeKnownAgain(by)
    carry_over.give_back(Receipt.objects.filter(release=release))
    return release


def _by(release: Release) -> Notice | None:
    """The 再周知 that recipients of this 再周知 answer in its place; of a district's letter what that passes on."""
    mine = Receipt.objects.filter(release=release, carried_from__isnull=False)
    newer = Receipt.objects.taking_over().filter(carried_from__in=mine).select_related("release__notice")
    first = newer.select_related("release__passes_on__notice").order_by("-pk").first()
    return first and (first.release.passes_on or first.release).notice
