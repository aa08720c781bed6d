"""Text of others, fit for a terminal."""


def one_line(text: str) -> str:
    """The text in one line, without anything that a terminal obeys."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def lines(text: str) -> str:
    """The text with its lines, without anything else that a terminal obeys."""
    return "".join(sign for sign in text if sign in "\n\t" or not (sign < " " or "\x7f" <= sign < "\xa0"))
