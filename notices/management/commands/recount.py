"""`manage.py recount`: whether the figures that are kept for boards are what the receipts say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from members.models import Organisation
from notices import tallies
from notices.models import Release


class Command(BaseCommand):
    help = "Count every release's receipts anew and compare; ends with an error where a figure that is kept differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="have what differs counted anew")

    def handle(self, *, mend: bool, **options: Any) -> None:
        labels = {one.pk: one.label for one in Organisation.objects.districts()}
        looked_at, wrong = 0, 0
        for release in Release.objects.released().select_related("notice").prefetch_related("notice__numbers"):
            found = tallies.differences(release)
            looked_at, wrong = looked_at + 1, wrong + bool(found)
            for district, (kept, counted) in found.items():
                place = labels.get(district, "全体")
                self.stdout.write(f"{release.notice.number_text}　{place}\n  {kept}（保存）\n  {counted}（数え直し）")
            if found and mend:
                tallies.forget(release)
        if mend:
            while tallies.settle():
                pass
        elif wrong:
            raise CommandError(f"{looked_at:,} 件の発出のうち {wrong:,} 件で、保存した数が受領状況と違います。")
        self.stdout.write(f"{looked_at:,} 件の発出を数え直しました。保存した数と違うものは {wrong:,} 件でした。")
