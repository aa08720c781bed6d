"""Ids of runs: sortable by time, unique, easy to type."""

from hypothesis import given
from hypothesis import strategies as st

from webhand.store.ids import ALPHABET, LENGTH, next_id

CLOCKS = st.floats(min_value=-1e10, max_value=1e11)
NOW = 1_800_000_000.0


@given(CLOCKS)
def test_an_id_is_ten_characters_of_the_alphabet(now: float):
    run_id = next_id(now)
    assert len(run_id) == LENGTH == 10
    assert set(run_id) <= set(ALPHABET)


def test_the_alphabet_sorts_and_leaves_out_what_is_mistaken():
    assert list(ALPHABET) == sorted(set(ALPHABET))
    assert len(ALPHABET) == 32
    assert not set("ilou") & set(ALPHABET)


def test_last_is_the_beginning_of_no_id():
    assert not set("last") <= set(ALPHABET)


@given(st.floats(min_value=1_735_689_600, max_value=6e9), st.floats(min_value=4, max_value=1e7))
def test_ids_sort_by_time_without_knowing_each_other(now: float, later: float):
    assert next_id(now) < next_id(now + later)


@given(st.lists(st.floats(min_value=0, max_value=5e9), max_size=30))
def test_ids_of_one_store_grow_whatever_the_clock_does(clocks: list[float]):
    made: list[str] = []
    for now in clocks:
        made.append(next_id(now, made[-1] if made else None))
    assert made == sorted(set(made))


def test_many_ids_at_one_moment_grow_and_stay_near_their_time():
    made = [next_id(NOW)]
    for _ in range(5000):
        made.append(next_id(NOW, made[-1]))
    assert made == sorted(set(made))
    assert made[-1] < next_id(NOW + 60)


def test_ids_of_one_moment_in_two_stores_differ():
    made = {next_id(NOW) for _ in range(50)}
    assert len(made) > 45
    assert len({run_id[:6] for run_id in made}) == 1


def test_a_clock_that_is_off_the_scale_is_held_at_its_ends():
    assert next_id(0)[:6] == "000000"
    assert next_id(1e11)[:6] == "zzzzzz"
    assert next_id(1_735_689_600 + 4)[:6] == "000001"
    assert next_id(1_735_689_600 + 4 * 32 + 3.9)[:6] == "000010"
