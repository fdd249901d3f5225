"""How the cells of the workbook look: no fact is told by a colour alone."""

from collections.abc import Mapping
from typing import Any

INK, QUIET, LINE = "#1F2A37", "#5A6675", "#C9D1DA"
BAR = "#9DB8D2"
#: The size of letters in tables.
POINTS = 10
_CELL: Mapping[str, object] = {
    "valign": "top",
    "text_wrap": True,
    "bottom": 1,
    "bottom_color": LINE,
    "font_color": INK,
    "font_size": POINTS,
    "align": "left",
    "indent": 1,
}
_HEAD: Mapping[str, object] = {
    "bold": True,
    "font_size": POINTS,
    "font_color": "#FFFFFF",
    "align": "left",
    "indent": 1,
    "bg_color": INK,
    "text_wrap": True,
    "valign": "vcenter",
}
_LIGHTS = {"green": "#D5E8D4", "amber": "#FFE6B3", "red": "#F8D7DA"}


class Formats:
    """The formats of one workbook, by what they are for."""

    def __init__(self, book: Any) -> None:
        def made(**looks: object) -> Any:
            return book.add_format({"font_color": INK, "font_size": POINTS, **looks})

        def cell(**looks: object) -> Any:
            return book.add_format({**_CELL, **looks})

        self.title = made(bold=True, font_size=18, valign="vcenter")
        self.heading = made(bold=True, font_size=13, valign="vcenter")
        self.alarm = made(bold=True, font_size=13, font_color="#9C1C1C", valign="vcenter")
        self.text = made(valign="top", text_wrap=True)
        self.strong_text = made(valign="top", text_wrap=True, bold=True)
        self.quiet = made(font_color=QUIET, valign="top", text_wrap=True)
        self.way_back = made(font_color="#0B5394", underline=1, valign="top")
        self.figure = made(bold=True, font_size=20, align="left", valign="bottom")

        self.head = book.add_format(_HEAD)
        self.number_head = book.add_format({**_HEAD, "align": "right"})

        self.words = cell()
        self.strong = cell(bold=True)
        self.grave = cell(bold=True, font_color="#9C1C1C")
        self.link = cell(font_color="#0B5394", underline=1)
        # text of an export is never taken for a formula, not even if it is edited
        self.name = cell(quote_prefix=True)
        self.date = cell(num_format="d mmm yyyy")
        self.number = cell(num_format="#,##0", align="right")
        self.strong_number = cell(num_format="#,##0", align="right", bold=True)
        self.change = cell(num_format='+#,##0;[Black]-#,##0;"none"', align="right")
        self.percent = cell(num_format='0"%"', align="right")
        self.strong_percent = cell(num_format='0"%"', align="right", bold=True)
        self.section = cell(bold=True, bg_color="#EDF1F5")
        self.section_percent = cell(bold=True, bg_color="#EDF1F5", num_format='0"%"', align="right")
        #: Figures of targets by their unit; and their lights, whose word stands in the cell too.
        self.units = {
            unit: cell(num_format=shown, align="right")
            for unit, shown in (
                ("percent", '0.0"%"'),
                ("percent_of_target", '0.0"%"'),
                ("days", '0.0" days"'),
                ("working_days", '0.0" days"'),
            )
        }
        self.lights = {light: cell(bold=True, bg_color=colour) for light, colour in _LIGHTS.items()}
