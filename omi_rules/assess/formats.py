"""How cells of a workbook look: a cell to fill in is the only one that is not locked, and stands out until it is."""

from collections.abc import Mapping
from typing import Any

_INK = "#1F2A37"
_LINE = "#C9D1DA"
_CELL: Mapping[str, object] = {"valign": "top", "text_wrap": True, "border": 1, "border_color": _LINE}
_LOCKED: Mapping[str, object] = {**_CELL, "font_color": _INK}
_HEAD: Mapping[str, object] = {**_CELL, "bold": True, "bg_color": _INK, "font_color": "#FFFFFF", "valign": "vcenter"}
_TOTAL: Mapping[str, object] = {**_CELL, "bold": True, "bg_color": "#EDF1F5", "text_wrap": False}


class Formats:
    """The formats of one workbook, by what they are for."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 18, "font_color": _INK, "valign": "vcenter"})
        self.text = book.add_format({"valign": "top", "text_wrap": True, "font_color": _INK})
        self.strong = book.add_format({"valign": "top", "bold": True, "text_wrap": True, "font_color": _INK})
        self.strong_line = book.add_format({"bold": True, "font_color": _INK})
        self.heading = book.add_format({"bold": True, "font_size": 13, "font_color": _INK})
        self.quiet = book.add_format({"font_color": "#5A6675", "valign": "vcenter"})
        self.link = book.add_format({**_CELL, "font_color": "#0B5394", "underline": 1})
        self.way_back = book.add_format({"font_color": "#0B5394", "underline": 1})

        self.head = book.add_format(_HEAD)
        self.centred_head = book.add_format({**_HEAD, "align": "center"})
        self.number_head = book.add_format({**_HEAD, "align": "right"})
        self.section = book.add_format(
            {"bold": True, "bg_color": "#DCE4EC", "font_color": _INK, "top": 1, "bottom": 1, "border_color": _LINE}
        )

        self.locked = book.add_format(_LOCKED)
        self.summary = book.add_format({**_LOCKED, "bold": True})
        self.evidence = book.add_format({**_LOCKED, "font_color": "#5A6675"})
        self.fallen_short = book.add_format({**_LOCKED, "bold": True, "font_color": "#9C1C1C"})
        self.date = book.add_format({**_LOCKED, "num_format": "d mmm yyyy", "align": "left"})
        self.empty = book.add_format({**_CELL, "bg_color": "#EDF1F5"})
        # text of an export is never taken for a formula, not even if it is edited
        self.raw = book.add_format({**_LOCKED, "quote_prefix": True})

        self.answer = book.add_format({**_CELL, "locked": False, "bold": True})
        self.comment = book.add_format({**_CELL, "locked": False, "num_format": "@"})
        self.unanswered = book.add_format({"bg_color": "#FFF2CC"})
        self.wanted = book.add_format({"bg_color": "#F8D7DA"})

        self.total = book.add_format(_TOTAL)
        self.total_number = book.add_format({**_TOTAL, "num_format": "#,##0"})
        self.total_share = book.add_format({**_TOTAL, "num_format": "0%", "align": "center"})
        self.number = book.add_format({**_LOCKED, "num_format": "#,##0"})
        self.share = book.add_format({**_LOCKED, "num_format": "0%", "align": "center"})

        self.figure = book.add_format({**_LOCKED, "align": "right", "indent": 1})
        #: Traffic lights, and no light; the word stands in the cell too.
        self.lights = {
            light: book.add_format({**_LOCKED, "bold": True, "align": "center", "bg_color": colour})
            for light, colour in (("green", "#D5E8D4"), ("amber", "#FFE6B3"), ("red", "#F8D7DA"), (None, "#FFFFFF"))
        }
