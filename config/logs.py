"""What the logs may not tell: tokens of personal addresses and of operators' one-time sign-in addresses."""

import logging
import re

TOKEN = re.compile(r"(/(?:[nf]|signin/once)/)[^/\s'\"]+")


class WithoutTokens(logging.Filter):
    """Writes /n/…/ for every such address, whoever logs it (Django names the path of each refused request)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = TOKEN.sub(r"\1…", record.getMessage()), ()
        return True
