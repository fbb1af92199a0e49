"""The style sheet: the template's CSS and, for every category, tones that can be read.

The palette's colours are kept for lines and bars; text takes the same hue, darkened on light
paper and lightened on dark, until its contrast is enough (WCAG 2.2, success criteria 1.4.3 and
1.4.11).
"""

from collections.abc import Sequence

from framing.figures import Mark

__all__ = ["PAPERS", "category_css", "contrast", "mix", "toned"]

PAPERS = {"light": ("#fffefb", "#000000"), "dark": ("#15171a", "#ffffff")}
_TEXT, _LINE = 5.0, 3.2  # contrasts aimed at; 4.5 and 3 are required
_HEAT = "#6f8199"
_TINT = {"light": 0.15, "dark": 0.24}


def category_css(marks: Sequence[Mark]) -> str:
    """Classes k0, k1, ... with line `--c`, text `--t` and tint `--b`; h0 to h9 shade cells."""
    rules = {
        theme: "".join(_rule(place, mark, theme) for place, mark in enumerate(marks))
        + "".join(
            f".h{shade}{{background:{mix(paper, _HEAT, 0.06 * shade)}}}" for shade in range(10)
        )
        for theme, (paper, _) in PAPERS.items()
    }
    return f"{rules['light']}@media(prefers-color-scheme:dark){{@media screen{{{rules['dark']}}}}}"


def toned(color: str, backgrounds: Sequence[str], ratio: float, toward: str) -> str:
    """`color`, mixed with `toward` as little as gives `ratio` on every one of `backgrounds`."""
    for step in range(101):
        tone = mix(color, toward, step / 100)
        if all(contrast(tone, background) >= ratio for background in backgrounds):
            return tone
    return toward


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #RRGGBB colours by WCAG 2.2, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """`color` with `share` of `other` mixed in, as #RRGGBB."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)


def _rule(place: int, mark: Mark, theme: str) -> str:
    paper, toward = PAPERS[theme]
    tint = mix(paper, mark.color, _TINT[theme])
    text = toned(mark.color, (paper, tint), _TEXT, toward)
    line = toned(mark.color, (paper, tint), _LINE, toward)
    return f".k{place}{{--c:{line};--t:{text};--b:{tint};--l:{mark.line}}}"


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
