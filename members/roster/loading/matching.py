"""Which pharmacy of the roster a row is about."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from members import contacts
from members.names import search_key
from members.roster.loading.standing import Standing

NONE_OF_NAME = (
    "薬局コードがなく、この地区に同じ名前の薬局も登録されていません。薬局コードを入れるか、"
    "コードのない薬局は「薬局を登録する」の画面から登録してください"
)
MANY_OF_NAME = (
    "薬局コードがなく、この地区に同じ名前の薬局が2つ以上あります。どれか分かるように、薬局コードを入れてください"
)
CODE_OF_NAME = (
    "薬局コードがありません。同じ地区の同じ名前の薬局は、コード {code} です。その薬局なら、コードを入れてください"
)


class Unclear(Exception):
    """It cannot be told which pharmacy is meant; the message says why in plain Japanese."""


class Known:
    """The roster's pharmacies by what tells one from the others: the code above all."""

    def __init__(self, standings: list[Standing]) -> None:
        self.by_code = {one.values["code"]: one for one in standings if one.values["code"]}
        self._by_identity = once((identity_of(one), one) for one in standings if not one.values["code"])
        self._standings = standings

    @cached_property
    def _by_place(self) -> dict[tuple[str, int], list[Standing]]:
        found: dict[tuple[str, int], list[Standing]] = defaultdict(list)
        for one in self._standings:
            found[search_key(one.values["name"]), one.values["district"]].append(one)
        return found

    def of(self, values: dict[str, Any]) -> Standing | None:
        """The pharmacy that has the row's values; None for one that is new. Raises Unclear."""
        if not values["code"]:
            return self._without_code(values)
        if known := self.by_code.get(values["code"]):
            return known
        if not self._by_identity:
            return None
        return self._by_identity.get(identity(values["name"], values.get("telephone", "")))

    def _without_code(self, values: dict[str, Any]) -> Standing:
        """By name and district, without a code there, too. One that left is meant only by a row that says so."""
        there = self._by_place.get((search_key(values["name"]), values.get("district")), [])
        members = [one for one in there if one.values["left_on"] is None]
        there = members or (there if values.get("left_on") else [])
        if len(there) > 1:
            key = identity(values["name"], values.get("telephone", ""))
            there = [one for one in there if key and key == identity_of(one)] or there
        if len(there) != 1:
            raise Unclear(MANY_OF_NAME if there else NONE_OF_NAME)
        if code := there[0].values["code"]:
            raise Unclear(CODE_OF_NAME.format(code=code))
        return there[0]


def identity(name: str, telephone: str) -> tuple[str, str] | None:
    """By what a pharmacy without a code is known: name and telephone together, never the name alone."""
    digits = contacts.digits(telephone)
    return (search_key(name), digits) if digits else None


def identity_of(standing: Standing) -> tuple[str, str] | None:
    return identity(standing.values["name"], standing.values["telephone"])


def once(pairs: Iterable[tuple[tuple[str, str] | None, Standing]]) -> dict[tuple[str, str], Standing]:
    """By keys that only one has."""
    found: dict[tuple[str, str], Standing | None] = {}
    for key, one in pairs:
        if key:
            found[key] = None if key in found else one
    return {key: one for key, one in found.items() if one}
