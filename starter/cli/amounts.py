"""How many of what, as people say it."""


def amount_of(number: int, one: str, several: str = "") -> str:
    """The number with its noun: `1 ticket`, `2 tickets`.

    Args:
        number: How many.
        one: The noun, or a few words that begin with it, for one.
        several: The same for none or several; `one` with an `s` when not given.
    """
    return f"{number} {one if number == 1 else several or f'{one}s'}"
