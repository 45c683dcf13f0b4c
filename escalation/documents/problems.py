"""Collects all problems of a file that people write, so that one run reports all of them."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from escalation.documents.yaml import Document, Path
from escalation.errors import InvalidFile, InvalidPolicy

# How many known words are listed where none is close.
_MOST_LISTED = 20


class Problems:
    """The problems found so far in one file.

    Args:
        document: The file; its own findings are taken over.
        refused: What to raise in the end.
        places: Whether messages begin with the place, such as `people.1.zone: `, where the line alone would not say it.
    """

    def __init__(
        self, source: str, document: Document, refused: type[InvalidFile] = InvalidPolicy, *, places: bool = False
    ) -> None:
        self.source = source
        self._lines: Mapping[Path, int] = document.lines
        self._found: dict[tuple[int, str], None] = {(each.line, each.text): None for each in document.findings}
        self._elsewhere: dict[str, None] = {}
        self._broken: list[Path] = []
        self._refused = refused
        self._places = places

    def add(self, path: Path, what: str, advice: str = "") -> None:
        """Note a problem with what is at a path; the same problem in the same line counts once."""
        self._broken.append(self.known(path))
        text = f"{what}; {advice}" if advice else what
        place = ".".join(str(part) for part in path if part != "[key]") if self._places else ""
        self._found[(self.line(path), f"{place}: {text}" if place else text)] = None

    def add_elsewhere(self, problems: Iterable[str]) -> None:
        """Note what is wrong with another file that this one names; the lines are whole already."""
        self._elsewhere |= dict.fromkeys(problems)

    def known(self, path: Path) -> Path:
        """The part of a path that is in the file; names of alternatives in between are passed over."""
        found: Path = ()
        for part in path:
            if (*found, part) in self._lines:
                found = (*found, part)
        return found

    def line(self, path: Path) -> int:
        """The line, from 1, of the deepest part of a path that is in the file."""
        return self._lines[self.known(path)]

    def is_broken(self, path: Path) -> bool:
        """Whether something at this path or inside it is wrong."""
        return any(broken[: len(path)] == path for broken in self._broken)

    def raise_if_any(self) -> None:
        """End here if anything is wrong.

        Raises:
            InvalidFile: The class that was asked for, with all problems, in the order of their lines.
        """
        if self._found or self._elsewhere:
            ordered = sorted(self._found, key=lambda problem: problem[0])
            here = (f"{self.source}:{line}: {text}" for line, text in ordered)
            raise self._refused((*here, *self._elsewhere))


def advise(word: object, known: Iterable[str]) -> str:
    """Advice on an unknown word: the closest known one, otherwise some of them."""
    names = sorted(known)
    close = get_close_matches(str(word), names, n=1, cutoff=0.5)
    if close:
        return f"did you mean `{close[0]}`?"
    more = " …" if len(names) > _MOST_LISTED else ""
    return f"write one of {listed(names[:_MOST_LISTED])}{more}" if names else "there is none yet"


def listed(words: Iterable[str]) -> str:
    """Words for a sentence: each in backticks, with commas."""
    return ", ".join(f"`{word}`" for word in words)
