"""The labeling configuration of Label Studio for a codebook: what coders mark, link and choose.

A coder marks stretches as Content, Cue, Source or Speaker (a mention), and links a content to its
cue, to its source and to its further parts. All else is chosen on a mark: kind, speaker and the
variables of quotes on a content, the variables of speakers on a mention. Which speaker it is, is
chosen from a list, so that no lines run across the article; somebody who is not in the list is
marked as Speaker and linked.
"""

import html
from collections.abc import Mapping
from xml.etree import ElementTree

from framing.codebook import Codebook, Variable
from framing.dataset.exchange.marked_texts import LINK_NAMES, Part

__all__ = [
    "KIND",
    "MARKS",
    "NOTE",
    "PART_LABELS",
    "SPEAKER",
    "TEXT",
    "labeling_config",
    "labeling_instructions",
    "variable_control",
]

# Names of tags; those made from the codebook begin with "label_".
TEXT, MARKS, KIND, SPEAKER, NOTE = "text", "mark", "kind", "speaker", "note"
PART_LABELS: Mapping[Part, str] = {
    "content": "Content",
    "cue": "Cue",
    "source": "Source",
    "speaker": "Speaker",
}
# Told apart by people who do not tell red from green (Okabe and Ito), and dark enough for the
# white letters that Label Studio puts on them.
_MARKS: Mapping[Part, tuple[str, str]] = {
    "content": ("#0072B2", "What is said, with its quotation marks, without cue and source"),
    "cue": ("#B34700", "The words that report it: said, according to"),
    "source": ("#00805C", "The mention of the speaker in that sentence"),
    "speaker": ("#A0457E", "A mention that says who it is; the role is given on one of them"),
}
_KINDS = {
    "direct": "All of the content stands inside quotation marks",
    "mixed": "Some of the content stands inside quotation marks",
    "indirect": "A paraphrase without quotation marks",
}
_TWO_COLUMNS = "display: flex; align-items: flex-start; gap: 24px"
_LEFT = "flex: 3; min-width: 0; padding-left: 56px"  # where relations turn
_RIGHT = "flex: 2; min-width: 240px; position: sticky; top: 0; max-height: 86vh; overflow-y: auto"

# Lines stand apart, for the relations that are drawn between them; double blanks are seen.
_READABLE = "[class*=htx-richtext] {line-height: 2.3; white-space: pre-wrap}"


def variable_control(variable: str) -> str:
    """Name of the tag in which a category of that variable is chosen."""
    return f"label_{variable}"


def labeling_config(codebook: Codebook, *, with_suggestions: bool = False) -> str:
    """The configuration as XML.

    Args:
        codebook: Whose variables are asked.
        with_suggestions: Show coders the suggestions in a task's data below its text.
    """
    view = ElementTree.Element("View", style=_TWO_COLUMNS)
    ElementTree.SubElement(view, "Style").text = _READABLE
    relations = ElementTree.SubElement(view, "Relations")
    for name in LINK_NAMES:
        ElementTree.SubElement(relations, "Relation", value=name)
    left = ElementTree.SubElement(view, "View", style=_LEFT)
    ElementTree.SubElement(left, "Header", value="$title", size="3")
    ElementTree.SubElement(left, "Header", value="$target", size="5")
    marks = ElementTree.SubElement(left, "Labels", name=MARKS, toName=TEXT, choice="single")
    for part, (color, hint) in _MARKS.items():
        ElementTree.SubElement(marks, "Label", value=PART_LABELS[part], background=color, hint=hint)
    ElementTree.SubElement(left, "Text", name=TEXT, value="$text", granularity="symbol")
    if with_suggestions:
        ElementTree.SubElement(left, "Header", value="Suggested by a model", size="5")
        ElementTree.SubElement(left, "Table", name="suggestions", value="$suggestions")
    right = ElementTree.SubElement(view, "View", style=_RIGHT)
    empty = ElementTree.SubElement(right, "View", visibleWhen="no-region-selected")
    ElementTree.SubElement(
        empty, "Header", value="Click a Content or a Speaker in the text to code it", size="5"
    )
    quote, speaker = PART_LABELS["content"], PART_LABELS["speaker"]
    _ask(right, "Kind of quote", KIND, quote, _KINDS)
    for variable in codebook.variables:
        _ask_variable(right, variable, quote if variable.unit == "quote" else speaker)
    both = f"{quote},{speaker}"
    _per_region(_asked(right, "Who it is", both), "Choices", SPEAKER, value="$speakers")
    _per_region(
        _asked(right, "Remark", both), "TextArea", NOTE, maxSubmissions="1", editable="true",
        rows="1", placeholder="Type, then Enter",
    )  # fmt: skip
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def labeling_instructions(codebook: Codebook) -> str:
    """The codebook in HTML, as Label Studio shows it to coders beside their work."""
    parts = [f"<h3>{html.escape(codebook.title or codebook.name)}</h3>"]
    parts.append(_HOW)
    if codebook.quote:
        parts.append("<h4>What is a quote</h4>" + _list(codebook.quote))
    for variable in codebook.variables:
        parts.append(f"<h4>{html.escape(variable.name)}</h4>")
        parts.append(f"<p>{html.escape(variable.question)}</p>")
        for category in variable.categories:
            parts.append(
                f"<p><b>{html.escape(category.name)}</b>: {html.escape(category.definition)}</p>"
            )
            for words, items in (("Yes", category.include), ("No", category.exclude)):
                parts += [f"<p>{words}:</p>{_list(items)}"] if items else []
            parts += [f"<p>Such as:</p>{_list(category.examples)}"] if category.examples else []
        parts += [f"<p>In doubt:</p>{_list(variable.tie_breaks)}"] if variable.tie_breaks else []
    return "".join(parts)


_HOW = (
    "<p>Mark what is said as Content, the words that report it as Cue, who says it as Source. Link "
    "the content to its cue and to its source, and to the further parts of an interrupted quote. "
    "Then click the content, and choose kind, category and speaker on one part of it. The "
    "speaker's own category is given on one of the speaker's mentions, marked Speaker. Somebody "
    "who is not in the list: mark a mention as Speaker, and link the content to it.</p>"
)


def _list(items: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{html.escape(item)}</li>' for item in items)}</ul>"


def _ask_variable(parent: ElementTree.Element, variable: Variable, label: str) -> None:
    title = f"{variable.name.replace('_', ' ').capitalize()} of the {variable.unit}"
    choices = {category.name: category.definition for category in variable.categories}
    _ask(parent, title, variable_control(variable.name), label, choices)


def _ask(
    parent: ElementTree.Element, title: str, name: str, label: str, choices: Mapping[str, str]
) -> None:
    control = _per_region(_asked(parent, title, label), "Choices", name, layout="inline")
    for value, hint in choices.items():
        ElementTree.SubElement(control, "Choice", value=value, hint=hint)


def _asked(parent: ElementTree.Element, title: str, labels: str) -> ElementTree.Element:
    view = ElementTree.SubElement(
        parent, "View", visibleWhen="region-selected", whenTagName=MARKS, whenLabelValue=labels
    )
    ElementTree.SubElement(view, "Header", value=title, size="5")
    return view


def _per_region(
    parent: ElementTree.Element, tag: str, name: str, **attributes: str
) -> ElementTree.Element:
    given = {"name": name, "toName": TEXT, "perRegion": "true", **attributes}
    return ElementTree.SubElement(parent, tag, given)
