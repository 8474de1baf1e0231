"""The organisations' tree: the only code that walks it."""

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
    written, name = text.strip(), bare_name(text)
    current = list(districts().current())
    found = [each for each in current if name and name in (bare_name(each.name), bare_name(each.short_name))]
    found = found or [each for each in current if written and written in (each.code, str(each.pk))]
    return found[0] if len(found) == 1 else None


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
