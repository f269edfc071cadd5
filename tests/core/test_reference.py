"""References that people read out over the phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.core.reference import SPACE, is_reference, normal_reference, reference

numbers = st.integers(min_value=0, max_value=SPACE - 1)


@given(number=numbers)
def test_every_number_is_a_reference_however_it_is_written(number: int) -> None:
    """Case, hyphens and spaces make no difference."""
    told = reference(number)
    assert is_reference(told)
    assert is_reference(f" {told.lower().replace('-', ' ')} ")
    assert normal_reference(told) == normal_reference(told.lower().replace("-", ""))


@given(one=numbers, other=numbers)
def test_no_two_numbers_share_a_reference(one: int, other: int) -> None:
    """Two cases can be told apart by their references."""
    assert (reference(one) == reference(other)) == (one == other)


@given(number=numbers, place=st.integers(0, 7), sign=st.sampled_from("23456789ABCDEFGHJKMNPQRSTVWXY"))
def test_a_slip_of_one_sign_is_noticed(number: int, place: int, sign: str) -> None:
    """A wrong letter does not lead to somebody else's case."""
    told = reference(number).replace("-", "")
    slipped = told[:place] + sign + told[place + 1 :]
    assert is_reference(slipped) == (slipped == told)


@given(number=numbers, place=st.integers(0, 6))
def test_two_signs_in_the_wrong_order_are_noticed(number: int, place: int) -> None:
    """Swapped neighbours do not lead to somebody else's case."""
    told = reference(number).replace("-", "")
    swapped = told[:place] + told[place + 1] + told[place] + told[place + 2 :]
    assert is_reference(swapped) == (swapped == told)


@pytest.mark.parametrize("text", ["", "K7M3", "K7M3-9QTO", "K7M3-9QT!", "K7M3-9QTX-2", "0000-0000"])
def test_what_cannot_be_a_reference_is_told(text: str) -> None:
    """Signs that look like others, and other lengths, are never ours."""
    assert not is_reference(text)


@pytest.mark.parametrize("number", [-1, SPACE])
def test_a_number_outside_the_space_is_refused(number: int) -> None:
    """There are only so many references."""
    with pytest.raises(ValueError, match="not between"):
        reference(number)
