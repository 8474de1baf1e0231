"""django-import-export with the same files, as a program of its own virtual environment (.venv-bench).

    python importexport_run.py DATABASE_URL WAY DISTRICTS FIRST CHANGED

Its table has the organisations' columns and is found by the code; WAY is "rows" (its default: every row by itself) or
"bulk" (`use_bulk`, unchanged rows skipped). Prints JSON.
"""

import json
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from memory import peak_memory  # beside this program

LABEL = "importexport_run"  # this module is the app of its two tables
# The headings of the file, and the columns that they fill.
COLUMNS = {
    "薬局コード": "code",
    "薬局名": "name",
    "フリガナ": "kana",
    "地区": "district",
    "郵便番号": "postal_code",
    "住所": "address",
    "電話": "telephone",
    "FAX": "fax",
    "メールアドレス": "mail",
    "管理薬剤師": "manager",
    "入会日": "joined_on",
}


def configure(database_url: str) -> None:
    database = urlsplit(database_url)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "import_export", LABEL],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database.path[1:],
                "USER": database.username,
                "HOST": database.hostname,
                "PORT": database.port,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def main(database_url: str, way: str, districts: str, *files: str) -> None:
    configure(database_url)
    import tablib
    from django.db import connection, models
    from import_export import fields, resources, widgets

    class District(models.Model):
        name = models.CharField(max_length=60, unique=True)

        class Meta:
            app_label = LABEL

        def __str__(self) -> str:
            return self.name

    class Pharmacy(models.Model):
        code = models.CharField(max_length=10, unique=True)
        name = models.CharField(max_length=300)
        kana = models.CharField(max_length=300, blank=True)
        district = models.ForeignKey(District, models.PROTECT)
        postal_code = models.CharField(max_length=8, blank=True)
        address = models.CharField(max_length=300, blank=True)
        telephone = models.CharField(max_length=20, blank=True)
        fax = models.CharField(max_length=20, blank=True)
        mail = models.EmailField(max_length=254, blank=True)
        manager = models.CharField(max_length=100, blank=True)
        joined_on = models.DateField(null=True)

        class Meta:
            app_label = LABEL

        def __str__(self) -> str:
            return self.name

    with connection.schema_editor() as editor:
        editor.create_model(District)
        editor.create_model(Pharmacy)
    District.objects.bulk_create(District(name=f"第{number + 1}地区") for number in range(int(districts)))

    widgets_of = {
        "district": widgets.ForeignKeyWidget(District, "name"),
        "joined_on": widgets.DateWidget(format="%Y/%m/%d"),
    }
    declared = {
        name: fields.Field(attribute=name, column_name=heading, widget=widgets_of.get(name, widgets.CharWidget()))
        for heading, name in COLUMNS.items()
    }
    choices = {"model": Pharmacy, "import_id_fields": ["code"], "fields": list(COLUMNS.values())}
    if way == "bulk":
        choices |= {"use_bulk": True, "skip_unchanged": True, "skip_diff": True, "report_skipped": False}
    resource_class = type("Roster", (resources.ModelResource,), declared | {"Meta": type("Meta", (), choices)})
    figures = {}
    for key, file in zip(("first", "changed"), files, strict=True):
        began = time.perf_counter()
        rows = tablib.Dataset().load(Path(file).read_bytes(), format="xlsx")
        result = resource_class().import_data(rows, dry_run=False, raise_errors=True, use_transactions=True)
        figures[key] = time.perf_counter() - began
        figures[f"{key}_totals"] = dict(result.totals)
    figures["memory"] = peak_memory()
    print(json.dumps(figures))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
