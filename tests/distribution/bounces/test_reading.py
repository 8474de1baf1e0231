"""What a mail says of our messages, from its bytes alone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices.distribution.bounces import parts
from notices.distribution.bounces.failure import ADDRESS, Kind
from notices.distribution.bounces.reading import Bounce, read
from tests.distribution.bounces.samples import FOLDER, SAMPLES, Said
from tests.distribution.bounces.written import report

CONTENTS = {name: (FOLDER / f"{name}.eml").read_bytes() for name in SAMPLES}


def test_every_sample_has_its_line_in_the_table() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == SAMPLES.keys()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_says_what_a_person_reads_in_it(name: str) -> None:
    bounce = read(CONTENTS[name])
    assert Said(bounce.kind, tuple(bounce.addresses), bounce.over) == SAMPLES[name]


@pytest.mark.parametrize("name", [name for name, said in SAMPLES.items() if said.kind is not Kind.NONE])
def test_line_ends_of_the_wire_change_nothing(name: str) -> None:
    content = CONTENTS[name].replace(b"\n", b"\r\n")
    assert Said(*_said(read(content))) == SAMPLES[name]


def _said(bounce: Bounce) -> tuple[Kind, tuple[str, ...], bool]:
    return bounce.kind, tuple(bounce.addresses), bounce.over


@pytest.mark.parametrize(
    ("action", "status", "kind", "over"),
    [
        ("failed", "5.1.1", Kind.PERMANENT, True),
        ("failed", "5.2.2", Kind.PERMANENT, True),
        ("failed", "4.4.7", Kind.TEMPORARY, True),
        ("failed", "4.2.2", Kind.TEMPORARY, True),
        ("delayed", "4.4.1", Kind.TEMPORARY, False),
        ("delayed", "5.0.0", Kind.TEMPORARY, False),
        ("delivered", "2.0.0", Kind.NONE, False),
        ("relayed", "2.0.0", Kind.NONE, False),
        ("expanded", "2.0.0", Kind.NONE, False),
    ],
)
def test_action_and_status_decide(action: str, status: str, kind: Kind, over: bool) -> None:
    bounce = read(report(address="sumire@pharmacy.example", action=action, status=status, reply="it says so"))
    assert (bounce.kind, bounce.over) == (kind, over)


def test_a_status_that_says_nothing_gives_way_to_the_reply() -> None:
    [failure] = read(report(address="sumire@pharmacy.example", status="5.0.0")).failures
    assert (failure.status, failure.reply) == ("5.1.1", "550 5.1.1 nobody of that name")


def test_the_address_that_was_written_to_is_named_and_those_it_became_are_kept() -> None:
    [failure] = read(report(address="owner@private.example", original="sumire@pharmacy.example")).failures
    assert (failure.address, failure.others) == ("sumire@pharmacy.example", ("owner@private.example",))


def test_what_stands_behind_a_megabyte_is_not_read() -> None:
    content = CONTENTS["qmail"].replace(b"Hi. This is", b"." * parts.MOST + b"\nHi. This is")
    assert read(content).addresses == []


def test_the_returned_attachments_do_not_hide_the_report() -> None:
    content = CONTENTS["dsn-unknown-user"].replace("本文".encode(), b"QUJD" * parts.MOST)
    assert _said(read(content)) == (Kind.PERMANENT, ("sumire@pharmacy.example",), True)


def test_nesting_beyond_measure_says_nothing() -> None:
    content = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(4000))
    assert read(content).kind is Kind.NONE


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=3000))
def test_any_bytes_are_read_without_an_error(content: bytes) -> None:
    assert sound(read(content))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_sample_changed_anywhere_is_read_without_an_error(data: st.DataObject) -> None:
    content = CONTENTS[data.draw(st.sampled_from(sorted(CONTENTS)))]
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 200)))
        put = data.draw(st.one_of(st.binary(max_size=30), st.sampled_from(SNIPPETS)))
        content = content[:start] + put + content[end:]
    assert sound(read(content))


SNIPPETS = [
    b"\n\n",
    b"\0",
    b"\x1b$B",
    b"=?iso-2022-jp?b?",
    b"; charset*=x''%ff",
    b"\nContent-Transfer-Encoding: x-uuencode\n",
    b"\nContent-Type: message/delivery-status\n\n",
    b"\nFinal-Recipient: utf-8; \\x{D800}\\x{110000}@x.example\n",
]


def sound(bounce: Bounce) -> bool:
    """What cannot be read says nothing; what is said is of failures, and only those have addresses."""
    return (bounce.kind is Kind.NONE) == (not bounce.failures) and all("@" in each for each in bounce.addresses)


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a@" * 50_000, "a." * 50_000 + "@", "\n" * 100_000, "<" * 100_000, '"' * 100_000 + "@"]
)
def test_no_address_is_found_in_a_long_line_of_nonsense(text: str) -> None:
    assert ADDRESS.search(text) is None
