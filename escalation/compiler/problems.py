"""Collects everything that is wrong with a policy file, so that one run of `policy check` shows all of it."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from escalation.documents.yaml import Document, Path
from escalation.errors import InvalidPolicy


class Problems:
    """What is wrong with one file, found so far.

    Args:
        source: The name of the file, as it stands in the messages.
        document: The file; its own findings are taken over.
    """

    def __init__(self, source: str, document: Document) -> None:
        self._source = source
        self._lines: Mapping[Path, int] = document.lines
        self._found: dict[tuple[int, str], None] = {(each.line, each.text): None for each in document.findings}
        self._broken: list[Path] = []

    def add(self, path: Path, what: str, advice: str = "") -> None:
        """Note a problem with what stands at a path; the same problem in the same line counts once."""
        known = self.known(path)
        self._broken.append(known)
        self._found[(self._lines[known], f"{what}; {advice}" if advice else what)] = None

    def known(self, path: Path) -> Path:
        """The part of a path that stands in the file; names of alternatives in between are passed over."""
        found: Path = ()
        for part in path:
            if (*found, part) in self._lines:
                found = (*found, part)
        return found

    def is_broken(self, path: Path) -> bool:
        """Whether something at this path or inside it is wrong."""
        return any(broken[: len(path)] == path for broken in self._broken)

    def raise_if_any(self) -> None:
        """End here if anything is wrong.

        Raises:
            InvalidPolicy: With all problems, in the order of their lines.
        """
        if self._found:
            ordered = sorted(self._found, key=lambda problem: problem[0])
            raise InvalidPolicy(f"{self._source}:{line}: {text}" for line, text in ordered)


def advise(word: object, known: Iterable[str]) -> str:
    """What to write instead of an unknown word: the closest known one, else all of them."""
    names = sorted(known)
    close = get_close_matches(str(word), names, n=1, cutoff=0.5)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"write one of {listed(names)}" if names else "nothing can stand here"


def listed(words: Iterable[str]) -> str:
    """Words for a sentence: each in backticks, with commas."""
    return ", ".join(f"`{word}`" for word in words)
