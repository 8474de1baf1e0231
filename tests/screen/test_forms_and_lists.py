"""Forms and lists get their look, their names for assistive technology and their addresses from the templates alone."""

import re
from urllib.parse import parse_qs, urlsplit

import django_filters
import django_tables2 as tables
from django.forms import CharField, Form, Select, TypedChoiceField
from django.template.loader import render_to_string
from django.test import RequestFactory

from members.models import Organisation
from notices.views.style import ROWS, SampleForm, SampleTable


def listing(address: str = "/", rows: list[dict] = ROWS, per_page: int = 2, **choices: object) -> str:
    request = RequestFactory().get(address)
    table = SampleTable(rows, **choices)
    tables.RequestConfig(request, paginate={"per_page": per_page}).configure(table)
    return table.as_html(request)


def links(html: str) -> dict[str, dict[str, list[str]]]:
    found = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL)
    words = {re.sub("<.*?>", "", text).strip(): address.replace("&amp;", "&") for address, text in found}
    return {text: parse_qs(urlsplit(address).query) for text, address in words.items()}


def test_every_input_has_its_class_and_every_name_it_refers_to_exists():
    html = str(SampleForm({"deadline": "令和6年11月31日"}))
    inputs = re.findall(r"<(?:input|select|textarea)[^>]*>", html)
    assert len(inputs) == 11
    assert all(re.search(r'class="form-(control|select|check-input)\b', one) for one in inputs)
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert len(ids) == len(re.findall(r' id="', html))
    referred = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()
    assert referred and set(referred) <= ids
    assert set(re.findall(r' for="([^"]+)"', html)) <= ids
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids


def test_an_error_stands_above_its_field_and_in_the_summary():
    html = str(SampleForm({"deadline": "令和6年11月31日", "honorific": "殿"}))
    summary, fields = html.split("</ul>", 1)
    assert '<a href="#id_deadline">確認期限：11月は30日までです</a>' in summary
    assert '<a href="#id_subject">件名：入力してください</a>' in summary
    assert '<a href="#id_ask">お願いの種類：選んでください</a>' in summary
    assert fields.index("11月は30日までです") < fields.index('name="deadline"')


def test_a_form_without_errors_has_no_summary():
    assert "error-summary" not in str(SampleForm())


def test_a_forms_own_words_for_a_missing_value_are_kept():
    class Own(Form):
        name = CharField(label="氏名", error_messages={"required": "氏名を書いてください"})
        kind = TypedChoiceField(label="種類", widget=Select, choices=[("a", "甲")])

    html = str(Own({}))
    assert "氏名：氏名を書いてください" in html
    assert "種類：選んでください" in html


def test_what_was_typed_is_shown_as_typed():
    html = str(SampleForm({"subject": "<script>O'Brien"}))
    assert 'value="&lt;script&gt;O&#x27;Brien"' in html


def test_a_row_is_named_by_a_row_header():
    html = listing()
    assert re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html) == ["月見坂", "濵﨑", "計"]


def test_sorting_keeps_the_filters_and_returns_to_the_first_page():
    html = listing("/?district=3&page=2&sort=pharmacies")
    assert links(html)["薬局 ▲"] == {"district": ["3"], "sort": ["-pharmacies"]}
    assert links(html)["地区"] == {"district": ["3"], "sort": ["name"]}
    assert re.findall(r'aria-sort="(\w+)"', html) == ["ascending"]
    assert re.findall(r'aria-sort="(\w+)"', listing("/?sort=-pharmacies")) == ["descending"]


def test_paging_keeps_the_filters_and_says_where_it_is():
    html = listing("/?district=3&sort=name")
    assert re.sub("<.*?>", "", html).count("1–2 件目 ／ 全 3 件") == 1
    assert links(html)["次へ"] == {"district": ["3"], "sort": ["name"], "page": ["2"]}
    assert "前へ" not in links(html)
    assert "前へ" in links(listing("/?page=2"))


def test_thousands_of_rows_are_paged_by_plain_numbers():
    rows = [ROWS[0] | {"name": str(number)} for number in range(2916)]
    html = listing("/?page=1100", rows)
    assert "2,199–2,200 件目" in html
    assert links(html)["次へ"] == {"page": ["1101"]}


def test_an_empty_list_says_what_to_do_next():
    html = listing(rows=[], empty_text="文書を受領すると、ここに出ます。")
    assert "文書を受領すると、ここに出ます。" in html
    assert "<table" not in html


def test_the_filter_bar_names_its_fields_keeps_the_order_and_can_be_cleared():
    class Filter(django_filters.FilterSet):
        kind = django_filters.ChoiceFilter(label="種類", choices=[("pharmacy", "薬局")])
        name = django_filters.CharFilter(label="名前")

    def bar(query: str) -> str:
        request = RequestFactory().get(f"/list/?{query}")
        table = SampleTable(ROWS, order_by="-confirmed")
        chosen = Filter(request.GET, Organisation.objects.none())
        return render_to_string("parts/filters.html", {"filter": chosen, "table": table}, request)

    plain, filtered = bar(""), bar("name=白鷺&sort=-confirmed")
    assert (
        set(re.findall(r' for="([^"]+)"', plain)) == set(re.findall(r' id="([^"]+)"', plain)) == {"id_kind", "id_name"}
    )
    assert '<input type="hidden" name="sort" value="-confirmed">' in filtered
    assert 'value="白鷺"' in filtered
    assert "条件を消す" not in plain
    assert '<a class="btn btn-quiet btn-sm" href="/list/">条件を消す</a>' in filtered
