"""HTML from templates: everything escaped, nothing loaded, only our own style and script allowed.

The pages carry a Content-Security-Policy that names the one style sheet and the one script by
their hashes. So even a mistake in escaping could not run anything; there are no style attributes
and no event handlers, which the policy would refuse.
"""

import base64
import functools
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

from framing.figures import Mark
from framing.report.numerals import (
    interval_text,
    percent,
    probability_text,
    signed,
    value_text,
)
from framing.report.style import category_css

if TYPE_CHECKING:
    import jinja2

__all__ = ["content_security_policy", "render", "shown"]

# What no HTML file may contain: controls, surrogates, noncharacters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def render(template: str, marks: Sequence[Mark], values: Mapping[str, Any]) -> str:
    """Fill a template of `framing/report/templates`; every value is escaped on its way in."""
    import markupsafe

    style = markupsafe.Markup(_source("report.css") + category_css(marks))
    script = markupsafe.Markup(_source("report.js"))
    page = _environment().get_template(template)
    policy = content_security_policy(style, script)
    return page.render(style=style, script=script, policy=policy, **values)


def content_security_policy(style: str, script: str) -> str:
    """A policy that allows this style sheet, this script, images in the page, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def shown(value: Any) -> Any:
    """Text as it may stand in an HTML file: what may not is replaced by U+FFFD."""
    if isinstance(value, str) and _FORBIDDEN.search(value):
        return type(value)(_FORBIDDEN.sub("\ufffd", value))  # Markup stays Markup
    return value


@functools.cache
def _environment() -> "jinja2.Environment":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        autoescape=True,
        finalize=shown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        at=lambda share: f"{100 * share:.2f}%",
        interval=interval_text,
        p=probability_text,
        percent=percent,
        plain=lambda name: name.replace("_", " "),
        signed=signed,
        thousands=lambda n: f"{n:,}",
        value=value_text,
    )
    return environment


@functools.cache
def _source(name: str) -> str:
    file = resources.files("framing") / "report" / "templates" / name
    return file.read_text(encoding="utf-8")


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
