"""Whoever has a copy of the database can open nothing with it that was mailed."""

from pytest_django.fixtures import Settings

from members import signin
from notices import personal
from notices.models import Delivery
from notices.personal import Scope
from tests.rows import everything
from tests.scene import Scene


def test_a_dump_of_the_database_yields_no_address_that_opens_anything(scene: Scene) -> None:
    secrets = [personal.token_of(each, scope) for each in Delivery.objects.all() for scope in Scope]
    secrets += [personal.token(each.pk, each.receipt.address_version + 1) for each in Delivery.objects.all()]
    secrets += [signin.make_pass(scene.cast.capacities["staff"].account), scene.ids["pass"]]
    dump = "\n".join(row for rows in everything().values() for row in rows)
    assert [secret for secret in secrets if secret[-20:] in dump] == []


def test_a_personal_address_holds_more_than_128_bits_that_nobody_knows(scene: Scene, settings: Settings) -> None:
    delivery = Delivery.objects.first()
    before = personal.token_of(delivery)
    assert len(before.partition("-")[2]) == 24, "base64: 144 bits"
    settings.SECRET_KEY = "another key, that nobody has either, of fifty letters and more"
    assert personal.token_of(delivery) != before
    assert personal.find(before) is None
