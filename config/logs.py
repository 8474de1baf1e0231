"""What the logs may not tell: tokens of personal addresses and of operators' one-time sign-in addresses."""

import logging
import re

# In an address, and by itself as errors name what they were given (notices.personal: a number, then 24 letters).
IN_ADDRESS = re.compile(r"(/(?:[nf]|signin/once)/)[^/\s'\"]+")
BY_ITSELF = re.compile(r"(?<![\w-])[0-9a-f]{1,15}-[A-Za-z0-9_-]{24}(?![\w-])")

_plain = logging.Formatter()


def without_tokens(text: str) -> str:
    """The text with … for every token."""
    return BY_ITSELF.sub("…", IN_ADDRESS.sub(r"\1…", text))


class WithoutTokens(logging.Filter):
    """Writes /n/…/ for every such address, whoever logs it (Django names the path of each refused request)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_tokens(record.getMessage()), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = without_tokens(_plain.formatException(record.exc_info))
        return True


def hide_tokens_of(logger: logging.Logger) -> None:
    """For loggers with handlers of their own: the web server's, which tells requests that it cannot read."""
    for handler in logger.handlers:
        handler.addFilter(WithoutTokens())
