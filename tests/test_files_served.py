"""A file from outside is saved, never opened, whichever door it leaves by; one in quarantine leaves by none."""

import pytest

from notices.models import Attachment, PacketFile, StoredFile
from tests.access_table import TABLE, Row
from tests.scene import Scene

DOORS = [row for row in TABLE if row.name.endswith("_file") and row.get == 200 and row.who]


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_a_file_is_saved_and_can_do_nothing(scene: Scene, door: Row):
    StoredFile.objects.update(name="没案_社外秘.xlsx")
    Attachment.objects.exclude(file=None).update(file_name="様式 第1号「届出」.xlsx")
    PacketFile.objects.update(name="様式 第1号「届出」.xlsx")
    for role in sorted(door.who):
        answer = scene.browser(role).get(scene.url(door.name, *door.keys))
        name = "%E6%A7%98%E5%BC%8F%20%E7%AC%AC1%E5%8F%B7%E3%80%8C%E5%B1%8A%E5%87%BA%E3%80%8D.xlsx"
        assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_a_file_in_quarantine_is_served_to_nobody(scene: Scene, door: Row):
    copy = StoredFile.objects.keep(b"%PDF-1.7 copy", "a.pdf", "application/pdf")
    original = StoredFile.objects.keep(b"%PDF-1.7 original", "a.pdf", "application/pdf")
    StoredFile.objects.filter(pk=original.pk).update(acts=True, safe_copy=copy)
    Attachment.objects.exclude(file=None).update(file=original)
    PacketFile.objects.update(file=original)
    for role in sorted(door.who):
        assert scene.browser(role).get(scene.url(door.name, *door.keys)).status_code == 403
