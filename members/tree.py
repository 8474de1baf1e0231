"""The organisations' tree: the only code that walks it."""

from collections import defaultdict
from difflib import get_close_matches

from members.models import Organisation
from members.models.organisation import Kind, OrganisationQuerySet
from members.names import search_key


class NoAssociation(LookupError):
    """The site has no prefectural association yet."""


def association() -> Organisation:
    """The one prefectural association of this site."""
    try:
        return Organisation.objects.get(kind=Kind.ASSOCIATION)
    except Organisation.DoesNotExist as error:
        raise NoAssociation("県薬剤師会が登録されていません。") from error


def districts() -> OrganisationQuerySet:
    """The association's districts, in the order of the roster."""
    return Organisation.objects.districts().order_by("position", "id")


def district_named(text: str) -> Organisation | None:
    """The one district of that name (also 白鷺地区 or 白鷺), code or id; None where there is none, or more than one."""
    written, current = text.strip(), districts().current()
    if named := Districts().named(written):
        return current.get(pk=named)
    found = [each for each in current if written and written in (each.code, str(each.pk))]
    return found[0] if len(found) == 1 else None


class Districts:
    """The association's districts by every way to write their names, for many to be found."""

    def __init__(self) -> None:
        current = list(districts().current())
        self.labels = {one.pk: one.label for one in districts()}
        self._named: dict[str, set[int]] = defaultdict(set)
        for one in current:
            for name in (one.name, one.short_name):
                if key := bare_name(name):
                    self._named[key].add(one.pk)
        self._written = {bare_name(one.label): one.label for one in current}

    def named(self, written: str) -> int | None:
        """The district that is called so; None where there is none, or more than one."""
        found = self._named.get(bare_name(written), set())
        return next(iter(found)) if len(found) == 1 else None

    def like(self, written: str) -> str:
        """The label of one that is written almost so; empty where there is none."""
        close = get_close_matches(bare_name(written), self._written, n=1, cutoff=0.4)
        return self._written[close[0]] if close else ""


def bare_name(name: str) -> str:
    """What is left of a district's name when all that districts are called is taken off: 白鷺地区薬剤師会 → 白鷺."""
    return search_key(name).removesuffix("薬剤師会").removesuffix("地区")


def pharmacies_of(district: Organisation) -> OrganisationQuerySet:
    """The pharmacies of a district, in the order of the roster."""
    return Organisation.objects.pharmacies().filter(parent=district)


def pharmacies_in(districts: OrganisationQuerySet) -> OrganisationQuerySet:
    """The pharmacies of several districts, in the order of the roster."""
    return Organisation.objects.pharmacies().filter(parent__in=districts)


def districts_over(pharmacies: OrganisationQuerySet) -> OrganisationQuerySet:
    """The districts to which the pharmacies belong, in the order of the roster."""
    return districts().filter(pk__in=pharmacies.order_by().values("parent"))
