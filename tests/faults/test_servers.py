"""The mail server puts off, refuses, hangs and breaks off."""

from tests.faults.assertion import Through, assert_unharmed


def test_greylisted_messages_wait_while_the_others_flow(through: Through) -> None:
    assert_unharmed(through("greylisting"))


def test_an_unknown_address_fails_with_its_reason_in_plain_words(through: Through) -> None:
    assert_unharmed(through("unknown"))


def test_refusals_of_us_pause_the_release_and_blame_nobody(through: Through) -> None:
    assert_unharmed(through("policies"))


def test_the_same_refusal_for_everybody_blames_nobody(through: Through) -> None:
    assert_unharmed(through("five"))


def test_a_mail_server_that_is_not_there_pauses_the_release(through: Through) -> None:
    assert_unharmed(through("refused"))


def test_a_busy_mail_server_is_tried_again(through: Through) -> None:
    assert_unharmed(through("busy"))


def test_a_hanging_mail_server_costs_nothing_but_time(through: Through) -> None:
    assert_unharmed(through("hanging"))


def test_a_message_whose_outcome_is_unknown_goes_out_again_as_the_same(through: Through) -> None:
    assert_unharmed(through("dot"))
