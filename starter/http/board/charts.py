"""The charts of the board, as pictures; the page has the same figures as a table."""

import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pygal import PluginImportFixer, StackedBar
from pygal.style import Style

from activities.adapters.postgres.board import Week
from starter.http.pages.page import Words

# It is for maps, which are not used here, and of a kind that makes every later import warn.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]

WIDTH, HEIGHT = 640, 300
_INK, _INK_IN_THE_DARK = "#1b1b1b", "#ececec"
# Orange and blue differ also for who does not see red or green.
_BAD, _GOOD = "#d9730d", "#4285f4"
_STYLE: Mapping[str, Any] = {
    "background": "transparent",
    "plot_background": "transparent",
    "foreground": _INK,
    "foreground_strong": _INK,
    "foreground_subtle": "#8d929a",
    "opacity": "1",
    "font_family": "system-ui, Arial, sans-serif",
    "label_font_size": 14,
    "major_label_font_size": 14,
    "legend_font_size": 15,
}
_DARK = (
    "inline:@media(prefers-color-scheme:dark){"
    f".axis text,.axis text.major,.legends .legend text,text.no_data{{fill:{_INK_IN_THE_DARK}!important}}"
    f".axis .line,.axis .guide.line,.axis .major.line{{stroke:#8d929a!important}}}}"
)


class Chart(StrEnum):
    """The data of a chart."""

    BROKEN = "broken"  # deadlines missed in each week
    PROMISES = "promises"  # promises to customers in each week: kept, and not


# The columns of a week that a chart shows, and their colours.
_BARS: Mapping[Chart, Sequence[tuple[str, str]]] = {
    Chart.BROKEN: (("broken", _BAD),),
    Chart.PROMISES: (("kept", _GOOD), ("lapsed", _BAD)),
}


def drawn(chart: Chart, weeks: Sequence[Week], t: Words, days: Sequence[str]) -> str:
    """The chart as SVG, without scripts; `days` names each week's Monday."""
    bars = _BARS[chart]
    picture = StackedBar(
        style=Style(**_STYLE, colors=tuple(colour for _, colour in bars)),
        js=(),
        css=("file://style.css", "file://graph.css", _DARK),
        width=WIDTH,
        height=HEIGHT,
        margin=8,
        legend_at_bottom=True,
        show_legend=len(bars) > 1,
        no_data_text=t["no_data"],
        value_formatter=lambda value: f"{value:.0f}",
        y_labels=_steps(max((sum(getattr(week, name) for name, _ in bars) for week in weeks), default=0)),
        x_labels=days,
        x_label_rotation=-30,
        disable_xml_declaration=True,
        no_prefix=True,
    )
    for name, _ in bars:
        picture.add(t["columns"]["trend"][name], [getattr(week, name) for week in weeks])
    picture.add_xml_filter(_without_scripts)
    svg: str = picture.render(is_unicode=True)
    return svg


def _steps(most: int) -> range:
    """Round whole numbers for the scale, five or so."""
    digits = 10 ** max(len(str(most)) - 2, 0)
    step = next(step for step in (n * digits for n in (1, 2, 5, 10, 20, 50)) if step * 5 >= most)
    return range(0, max(most, 1) + step, step)


def _without_scripts(root: Any) -> Any:
    # A picture runs none, and they hold the library's settings.
    for script in [*root.iter("script")]:
        script.getparent().remove(script)
    return root
