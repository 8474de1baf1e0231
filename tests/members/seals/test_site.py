"""A site as bin/run starts it seals its history by itself, mails the seal, and can be asked about it."""

import re

from tests.servers.site import Site
from tests.servers.smtp import SmtpSink

ADMINISTRATOR = "admin@shuchi.example"


def test_a_seal_in_a_mail_proves_the_history_of_the_running_site(site: Site, smtp_sink: SmtpSink) -> None:
    [mail] = smtp_sink.wait_for(1, ADMINISTRATOR)
    [seal] = re.findall(r"^\d+-[0-9a-f]{64}$", mail.text(), re.MULTILINE)
    assert "合っています" in site.manage("verifyhistory", "--seal", seal)
