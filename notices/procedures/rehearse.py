"""試しに送る: the mails of a draft, to whoever asks for them and to nobody else."""

from members.models import Account
from notices.distribution import channels, sample
from notices.distribution.answers import ServerAway, ServerRefuses, Verdict
from notices.distribution.envelope import Envelope
from notices.distribution.message import Mail
from notices.letters import composing, numbering
from notices.letters.letter import letter_pdf
from notices.models import Notice
from notices.models.receipt import Audience

MARK = "【試し】"
AUDIENCES = (Audience.PHARMACY, Audience.DISTRICT)


class NotSent(Exception):
    """The mail server did not take a mail; carries why, in a sentence. `sent` is how many it took before."""

    def __init__(self, words: str, sent: int) -> None:
        super().__init__(words)
        self.sent = sent


def mail(notice: Notice, audience: Audience, to: str, *, with_letter: bool = False) -> Mail:
    """The draft's mail to the audience as it is to go out, with the number and the date to be expected.

    `with_letter` attaches the letter where the draft says so. Raises pdf.RenderFailed.
    """
    plan = composing.plan_of(notice)
    day = numbering.expected_day(notice)
    number = numbering.expected_for(notice, day)
    letter = letter_pdf(notice, number=number, date=day) if with_letter and plan.attach_letter else b""
    return sample.mail(plan, audience, to=to, number=number, letter=letter)


def send(notice: Notice, account: Account) -> int:
    """Send the draft's mails to the account's own address at once; gives how many. Nothing is kept of it.

    Raises NotSent and pdf.RenderFailed.
    """
    mails = [mail(notice, audience, account.email, with_letter=True) for audience in AUDIENCES]
    sent = 0
    with channels.email() as channel:
        for each in mails:
            each.subject = f"{MARK}{each.subject}"
            _offer(channel, each, sent)
            sent += 1
    return sent


def _offer(channel: channels.Channel, each: Mail, sent: int) -> None:
    try:
        answer = channel.send(Envelope.of(each))
    except (ServerAway, ServerRefuses) as fault:
        raise NotSent(str(fault), sent) from fault
    except ValueError as error:
        raise NotSent("このアドレスには、このサイトからは送れません。", sent) from error
    if answer.verdict is not Verdict.ACCEPTED:
        raise NotSent(f"{answer.words}。", sent)
