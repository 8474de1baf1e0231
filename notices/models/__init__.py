"""What travels: packets and the notices in them, releases, deliveries and receipts."""

from notices.models.allowance import Allowance
from notices.models.approval import Approval
from notices.models.attachment import Attachment
from notices.models.bound import BoundPacket
from notices.models.delivery import Delivery
from notices.models.file import StoredFile
from notices.models.help_request import HelpRequest
from notices.models.notice import DocumentNumber, Notice, NoticeIssuer, Relation
from notices.models.on_behalf import OnBehalf
from notices.models.packet import Packet, PacketFile
from notices.models.receipt import Receipt, StepTick
from notices.models.release import Release
from notices.models.reminder import ChairMessage, Mention, Reminder, ReminderDay, ReminderPlan, Unreminded, UsualPlan
from notices.models.search import Entry, Passage, Reader
from notices.models.sentence import Sentence
from notices.models.step import Step
from notices.models.step_note import StepNote
from notices.models.tally import KeptTally, ToCount

__all__ = [
    "Allowance",
    "Approval",
    "Attachment",
    "BoundPacket",
    "ChairMessage",
    "Delivery",
    "DocumentNumber",
    "Entry",
    "HelpRequest",
    "KeptTally",
    "Mention",
    "Notice",
    "NoticeIssuer",
    "OnBehalf",
    "Packet",
    "PacketFile",
    "Passage",
    "Reader",
    "Receipt",
    "Relation",
    "Release",
    "Reminder",
    "ReminderDay",
    "ReminderPlan",
    "Sentence",
    "Step",
    "StepNote",
    "StepTick",
    "StoredFile",
    "ToCount",
    "Unreminded",
    "UsualPlan",
]
