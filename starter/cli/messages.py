"""Commands on the messages that people read; they need no server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.output import cell

app = App(name="messages", help="Show the letters that customers get.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """The gallery that was written, for programs."""

    folder: str
    letters: int


@app.command
def gallery(*, html: Annotated[Path, Parameter(name="--html")], context: InContext) -> None:
    """Write every letter as a page: each kind and language, for each frustration and proficiency.

    Args:
        html: The folder to write to; it is created if it does not exist. Open index.html in it.
    """
    from starter.gallery import write_pages  # noqa: PLC0415 (compiles every template)

    try:
        count = write_pages(html)
    except OSError as error:
        raise BadInput(f"{html}: {error.strerror}; name a folder that can be written") from None
    index = html / "index.html"
    context.out.document(Gallery(folder=str(html), letters=count), cell(f"{count} letters; open {index}"))
