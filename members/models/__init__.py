"""Who exists, and under whom."""

from members.models.account import Account, Capacity, SigninPass
from members.models.event import Event
from members.models.load import RosterChange, RosterHeading, RosterLoad
from members.models.officer import Officer
from members.models.organisation import Mailbox, Organisation, Tag
from members.models.seal import Seal, SealMail
from members.models.task import Task
from members.models.trace import Trace

__all__ = [
    "Account",
    "Capacity",
    "Event",
    "Mailbox",
    "Officer",
    "Organisation",
    "RosterChange",
    "RosterHeading",
    "RosterLoad",
    "Seal",
    "SealMail",
    "SigninPass",
    "Tag",
    "Task",
    "Trace",
]
