"""Our layers in INCEpTION, as its project settings import them and as a UIMA type system.

`webanno.custom.QuoteMark` marks a stretch of text (part: content, cue, source or speaker),
`webanno.custom.QuoteLink` joins two marks, and `webanno.custom.FramingArticle` says of a document
which article it is. The JSON is what INCEpTION writes for "Layers > Export" (its classes
ExportedAnnotationLayer, ExportedAnnotationFeature and ExportedTagSet).
"""

import dataclasses
import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any, get_args

from framing.codebook import Codebook
from framing.dataset.exchange.marked_texts import LINK_NAMES
from framing.records import QuoteKind

__all__ = ["ARTICLE", "LINK", "MARK", "feature_of", "layers_json", "make_type_system"]

MARK = "webanno.custom.QuoteMark"
LINK = "webanno.custom.QuoteLink"
ARTICLE = "webanno.custom.FramingArticle"
_PART_WORDS: Mapping[str, str] = {
    "content": "what is said, one part of it",
    "cue": "the words that report it",
    "source": "the mention of the speaker in that sentence",
    "speaker": "a mention of a speaker anywhere",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Feature:
    name: str
    title: str
    description: str = ""
    tags: Mapping[str, str] | None = None  # category -> what it means; None for free text
    visible: bool = True


def feature_of(variable: str) -> str:
    """The feature that holds a variable's category; "code_" keeps it off UIMA's own names."""
    return f"code_{variable}"


def layers_json(codebook: Codebook) -> str:
    """The three layers with their tag sets, for "Settings > Layers > Import"."""
    features = _features(codebook)
    layers = [
        _layer(MARK, "Quote mark", "span", features[MARK]),
        _layer(LINK, "Quote link", "relation", features[LINK], attach_type={"name": MARK}),
        _layer(ARTICLE, "Article", "document-metadata", features[ARTICLE]),
    ]
    return json.dumps(layers, indent=2, ensure_ascii=False) + "\n"


def make_type_system(cassis: ModuleType, codebook: Codebook) -> Any:
    """The layers as a `cassis.TypeSystem`."""
    system = cassis.TypeSystem()
    supertypes = {
        MARK: "uima.tcas.Annotation",
        LINK: "uima.tcas.Annotation",
        ARTICLE: "uima.cas.AnnotationBase",
    }
    types = {name: system.create_type(name, above) for name, above in supertypes.items()}
    for name, features in _features(codebook).items():
        for feature in features:
            system.create_feature(types[name], feature.name, "uima.cas.String")
    for end in ("Governor", "Dependent"):
        system.create_feature(types[LINK], end, MARK)
    return system


def _features(codebook: Codebook) -> dict[str, list[_Feature]]:
    kinds = dict.fromkeys(get_args(QuoteKind), "")
    variables = [
        _Feature(
            name=feature_of(variable.name),
            title=variable.name,
            description=f"Of a {variable.unit}: {variable.question}",
            tags={category.name: category.definition for category in variable.categories},
        )
        for variable in codebook.variables
    ]
    return {
        MARK: [
            _Feature(name="part", title="part", description="What it is.", tags=_PART_WORDS),
            _Feature(name="kind", title="kind", description="Of a quote.", tags=kinds),
            *variables,
            _Feature(name="note", title="note", description="Your remark on the category."),
            _Feature(name="suggested", title="suggested", description="By a model; to read."),
            _Feature(name="record", title="record", description="By framing.", visible=False),
        ],
        LINK: [
            _Feature(
                name="link",
                title="link",
                description="May stay empty: what is joined says what the link is.",
                tags=dict.fromkeys(LINK_NAMES, ""),
            )
        ],
        ARTICLE: [
            _Feature(name="article_id", title="article", description="By framing."),
            _Feature(name="codebook", title="codebook", description="By framing."),
        ],
    }


def _layer(
    name: str,
    title: str,
    kind: str,
    features: list[_Feature],
    *,
    attach_type: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "name": name,
        "features": [_feature(feature) for feature in features],
        "uiName": title,
        "type": kind,
        "description": "Written by framing.",
        "enabled": True,
        "built_in": False,
        "readonly": kind == "document-metadata",
        "attach_type": attach_type,
        "attach_feature": None,
        "allow_stacking": True,
        "cross_sentence": True,
        "show_hover": True,
        "anchoring_mode": "CHARACTERS",
        "overlap_mode": "ANY_OVERLAP",
        "validation_mode": "NEVER",
        "lock_to_token_offset": False,
        "multiple_tokens": True,
        "linked_list_behavior": False,
        "on_click_javascript_action": None,
    }


def _feature(feature: _Feature) -> dict[str, Any]:
    tags = feature.tags
    return {
        "name": feature.name,
        "tag_set": None
        if tags is None
        else {
            "name": f"framing {feature.title}",
            "description": feature.description,
            "language": "en",
            "tags": [{"tag_name": tag, "tag_description": words} for tag, words in tags.items()],
            "create_tag": False,
        },
        "uiName": feature.title,
        "type": "uima.cas.String",
        "enabled": True,
        "visible": feature.visible,
        "include_in_hover": feature.visible,
        "required": feature.name == "part",
        "remember": False,
        "hideUnconstraintFeature": False,
        "description": feature.description,
        "multi_value_mode": "NONE",
        "link_mode": "NONE",
        "link_type_name": None,
        "link_type_role_feature_name": None,
        "link_type_target_feature_name": None,
        "traits": None,
    }
