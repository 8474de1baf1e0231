"""Looking into a file in a child process: the facts found, or the refusal, come back from there.

A module that looks into files has `in_child`, which returns what `answered` makes of its work.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings

from members import confined
from members.uploads import refusals

logger = logging.getLogger(__name__)

Facts = dict[str, Any]


def examine(module: str, content: bytes, *arguments: object) -> tuple[Facts, bytes]:
    """The facts, and the bytes that the module made of the file. Raises UnusableFile."""
    try:
        answer = confined.run(
            module,
            content,
            *map(str, arguments),
            max_seconds=settings.FILE_READING_SECONDS,
            max_memory=settings.FILE_READING_BYTES,
        )
    except confined.Failed as error:
        logger.warning("A file of %d bytes was refused: %s", len(content), error)
        raise refusals.NotExamined(
            "中身を調べきれませんでした（時間がかかりすぎるか、大きくなりすぎます）。"
            "作り直すか、小さく分けてから、もう一度選んでください。"
        ) from error
    head, _, made = answer.partition(b"\n")
    facts = json.loads(head)
    if "refused" in facts:
        raise getattr(refusals, facts["refused"])(facts["says"])
    return facts, made


def answered(work: Callable[[], tuple[Facts, bytes]]) -> bytes:
    """What the child sends back."""
    try:
        facts, made = work()
    except refusals.UnusableFile as error:
        facts, made = {"refused": type(error).__name__, "says": str(error)}, b""
    return json.dumps(facts).encode() + b"\n" + made
