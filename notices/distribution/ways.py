"""By which way an organisation is reached: its addresses over each channel, and which of them count."""

from collections.abc import Sequence
from dataclasses import dataclass

from members.models import Organisation
from members.models.organisation import Channel
from notices.distribution import gateway
from notices.models import Delivery

State = Delivery.State
ADDRESS_LENGTH = Delivery._meta.get_field("address").max_length


@dataclass(frozen=True)
class Way:
    """One address of a recipient over one channel. `by_hand`: staff send it, the outbox does not."""

    channel: Channel
    address: str

    @property
    def by_hand(self) -> bool:
        return self.channel == Channel.POST or (self.channel == Channel.FAX and not gateway.is_there())

    @property
    def state(self) -> State:
        """The state of its delivery at the beginning."""
        return State.OTHER if self.by_hand else State.WAITING


def ways(organisation: Organisation, mailboxes: Sequence[str]) -> list[Way]:
    """The preferred channel where it has an address there, else the fallback, else e-mail, FAX, post, whatever it has.

    `mailboxes` are the e-mail addresses that may be used; each is a way. Empty: 届け先なし.
    """
    order = filter(None, [organisation.channel, organisation.fallback, *Channel])
    return next((found for channel in order if (found := over(Channel(channel), organisation, mailboxes))), [])


def over(channel: Channel, organisation: Organisation, mailboxes: Sequence[str]) -> list[Way]:
    """Every address of the organisation over one channel."""
    addresses = {
        Channel.EMAIL: mailboxes,
        Channel.FAX: [organisation.fax] if gateway.number(organisation.fax) else [],
        Channel.POST: [postal(organisation)] if organisation.address.strip() else [],
    }[channel]
    return [Way(channel, address) for address in addresses]


def postal(organisation: Organisation) -> str:
    """〒 with the postal code, then the address; a very long one stands without its code, which post can do without."""
    address = organisation.address.strip()
    code = organisation.postal_code.strip().removeprefix("〒")
    whole = f"〒{code} {address}" if code else address
    return whole if len(whole) <= ADDRESS_LENGTH else address
