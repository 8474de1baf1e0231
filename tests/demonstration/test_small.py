"""A demonstration may be small."""

from notices.demonstration import office
from notices.models import Release


def test_districts_without_a_pharmacy_have_nothing_to_pass_on(db):
    office.furnish(5, 2, 1)
    release = Release.objects.get(through_districts=True)
    assert release.receipts.districts().count() < 5
    asked = set(release.receipts.districts().values_list("organisation", flat=True))
    assert set(release.passed_on.values_list("passed_on_by", flat=True)) <= asked
