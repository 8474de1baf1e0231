"""`manage.py reindex`: make what is searched anew from notices, packets and files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notices.search import index
from notices.search.files import forget, read_due


class Command(BaseCommand):
    help = "Makes what is searched anew. The site may run meanwhile: each notice stays found while it is made anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files", action="store_true", help="take the text out of all attached files again, too")

    def handle(self, *, files: bool, **options: Any) -> None:
        if files:
            forget()
        done = 0
        for done in index.rebuild():
            if done % 1000 == 0:
                self.stdout.write(f"{done:,} …")
        while read_due():
            pass
        self.stdout.write(f"{done:,} notices and packets can be found again.")
