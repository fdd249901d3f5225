"""Puts the page together: templates, style and script in one file, under a policy that lets nothing else in."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from omi_rules.reports.trends import HEIGHT, WIDTH
from omi_rules.reports.words import count, english_date, listed, name, share, whole

_HERE = Path(__file__).parent
#: The parts of the script, in the order in which they are needed.
SCRIPTS = (
    *("unpacking", "words", "making", "address", "choosing", "counting"),
    *("rows", "table", "file", "timeline", "case", "page"),
)


def assemble(context: Mapping[str, Any]) -> bytes:
    """The page as UTF-8; the same context gives the same bytes."""
    style = _style(context["score"])
    script = _script()
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        amount=lambda number: f"{number:,}",
        count=count,
        date=english_date,
        listed=listed,
        name=name,
        place=place,
        share=share,
        whole=whole,
    )
    page = environment.get_template("page.html.j2").render(
        {
            **context,
            "width": WIDTH,
            "height": HEIGHT,
            "style": Markup(style),
            "script": Markup(script),
            "policy": policy(style, script),
        }
    )
    return page.encode("utf-8", "replace")


def _style(score: Mapping[str, Any] | None) -> str:
    """The style, with the place of the line of priority: the policy lets no element have a style of its own."""
    style = (_HERE / "style.css").read_text(encoding="utf-8")
    percent = score["line"]["percent"] if score else 0
    return f":root {{ --line-of-priority: {percent / 100:.4f}; }}\n{style}"


def _script() -> str:
    parts = [(_HERE / "script" / f"{part}.js").read_text(encoding="utf-8") for part in SCRIPTS]
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "\n})();\n"


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: this style, this script, and nothing from anywhere."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def place(percent: float) -> str:
    """A place along a chart, as SVG writes it.

    >>> place(66.66667)
    '66.67%'
    """
    return f"{percent:.2f}%"
