"""Our import as a process of its own, whose memory is counted: `importing_run DISTRICTS FIRST CHANGED`; gives JSON."""

import json
import os
import sys
import time
from pathlib import Path

import django

from tests.benchmarks.memory import peak_memory


def main(districts: str, *files: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.utils import timezone

    from members.history import Actor
    from members.models import Account, Capacity, Organisation
    from members.roster.loading import loads

    association = Organisation.objects.create(kind="association", name="架空県薬剤師会")
    account = Account.objects.create_account("staff@bench.example")
    actor = Actor(account, Capacity.objects.create(account=account, organisation=association, role="staff"))
    names = [f"第{number + 1}" for number in range(int(districts))]
    Organisation.objects.bulk_create(
        Organisation(kind="district", parent=association, name=f"{name}地区薬剤師会", short_name=name).fold()
        for name in names
    )
    figures = {}
    for key, file in zip(("first", "changed"), files, strict=True):
        began = time.perf_counter()
        # Only the load is kept: nobody's load begins with the plan of another in memory.
        load = loads.apply_file(Path(file).read_bytes(), Path(file).name, actor, timezone.localdate())[0]
        figures[key] = time.perf_counter() - began
        figures[f"{key}_counts"] = load.counts
    figures["memory"] = peak_memory()
    print(json.dumps(figures))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
