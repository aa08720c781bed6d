"""Ids of runs: ten characters that sort by time, without the letters that are mistaken for digits."""

from secrets import randbelow

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10

_EPOCH = 1_735_689_600  # 2025-01-01, in seconds of Unix time
_TICK = 4  # seconds: six characters of ticks last until 2161
_RANDOM_BITS = 20  # the last four characters
_LAST_TICK = 2**30 - 1
_GAP = 2**10


def next_id(now: float, newest: str | None = None) -> str:
    """An id for a run that starts at `now` (Unix time), larger than `newest` whatever the clock says."""
    tick = min(max(int(now - _EPOCH) // _TICK, 0), _LAST_TICK)
    number = tick << _RANDOM_BITS | randbelow(1 << _RANDOM_BITS)
    if newest is not None:
        floor = _number(newest)
        number = number if number > floor else floor + 1 + randbelow(_GAP)
    return _text(number)


def _text(number: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def _number(run_id: str) -> int:
    number = 0
    for character in run_id:
        number = number << 5 | ALPHABET.index(character)
    return number
