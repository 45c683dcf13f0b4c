"""In a note, words of others do not become links, mentions or pictures."""

import pytest

from activities.adapters.desks.api import without_markup


@pytest.mark.parametrize(
    ("said", "signs", "written"),
    [
        ("- [~ana] look", "{[!", r"- \[~ana] look"),
        ("- !https://example.com/x.png!", "{[!", r"- \!https://example.com/x.png\!"),
        ("- {html}x", "{[!", r"- \{html}x"),
        (r"- \[~ana]", "{[!", r"- \ \[~ana]"),
        ("- ![x](https://example.com/x.png) <b>", "[<`", r"- !\[x](https://example.com/x.png) \<b>"),
    ],
)
def test_words_of_others_lose_their_markup_and_the_marker_is_found_again(said: str, signs: str, written: str) -> None:
    assert without_markup(f"{said}\n\n[esc escalation-7/1]", signs) == f"{written}\n\n[esc escalation-7/1]"
