"""`manage.py demo`: an invented office on a real morning."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.models import Organisation
from notices.demonstration import office


class Command(BaseCommand):
    help = "Fill an empty site with demonstration data: invented names, addresses ending in .example."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--districts", type=int, default=24)
        parser.add_argument("--pharmacies", type=int, default=2900)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, districts: int, pharmacies: int, seed: int, **options: Any) -> None:
        if districts < 1 or pharmacies < 1:
            raise CommandError("At least one district and one pharmacy, please.")
        if Organisation.objects.exists():
            raise CommandError("The site already has members; the demonstration fills an empty one only.")
        office.furnish(districts, pharmacies, seed)
        self.stdout.write(f"{districts} districts and {pharmacies} pharmacies, all invented.")
