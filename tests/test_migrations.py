"""The migrations say what the models say, and may be taken back with what people did in the meantime."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from notices.intake import closing
from notices.models import Notice, Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.office import SAME_NUMBER, WITHOUT_FIRST, actor, received


@pytest.fixture
def migrated_again(transactional_db: None) -> Iterator[None]:
    """Whatever the test takes back, the next one finds everything there."""
    yield
    call_command("migrate", "notices", verbosity=0)


@pytest.mark.django_db
def test_no_change_of_a_model_is_without_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True)


def test_closed_packets_wait_again_before_packets_could_be_closed(migrated_again: None, cast: Cast) -> None:
    filed, double = (
        received(cast, SAME_NUMBER),
        received(cast, SAME_NUMBER.replace("お知らせいたします", "お知らせ致します")),
    )
    take_in.record(filed, actor(cast))
    closing.close_double(double, actor(cast))
    closing.file(filed, actor(cast))
    call_command("migrate", "notices", "0022", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state FROM notices_packet")
        assert dict(cursor.fetchall()) == {filed.pk: "registered", double.pk: "doubtful"}
    call_command("migrate", "notices", verbosity=0)
    assert set(Packet.objects.values_list("state", flat=True)) == {"registered", "doubtful"}


def test_letters_of_earlier_packets_are_placed_beneath_their_top_letters(migrated_again: None, cast: Cast) -> None:
    packet = received(cast, f"{WITHOUT_FIRST}\n\n{SAME_NUMBER}")
    filed = received(cast, SAME_NUMBER.replace("412", "413"))
    for each in (packet, filed):
        take_in.record(each, actor(cast))
    closing.file(filed, actor(cast))
    placed = ("packet", "packet_order", "packet_under", "packet_oldest_on", "filed")
    before = list(Notice.objects.order_by("pk").values_list(*placed))
    call_command("migrate", "notices", "0026", verbosity=0)
    call_command("migrate", "notices", verbosity=0)
    assert list(Notice.objects.order_by("pk").values_list(*placed)) == before
    assert [row[1:3] for row in before if row[0] == packet.pk] == [(0, None), (1, 0), (2, None)]
