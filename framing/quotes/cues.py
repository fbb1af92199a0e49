"""Reporting cues: the words that report speech, and what may stand around them.

Each verb carries the frames it is used in; `find_verb` gives a form's lemma and frames:

- ``s``  a clause follows, with or without "that" ("said [that] they left")
- ``t``  a clause follows, but only after "that", "how", "why" or "whether"
- ``p``  may follow its clause ("they left, officials said")
- ``i``  its source may follow it ("said Ms Osei")
- ``n``  judges or asks: the rest of its clause is the content ("condemned the raid")
- ``v``  an infinitive follows ("vowed to return")
- ``a``  an addressee may stand between ("told reporters that ...", "warned them that ...")
- ``q``  reports only what stands in quotation marks ("laughed", "continued")
- ``r``  needs a source that can speak ("showed": a survey, not a smile)
- ``c``  names somebody or something in quoted words ("called the raid “a crime”")

The lists are the common reporting verbs of English news, from grammars of reported speech
(Quirk et al. 1985, 16.31; Biber et al. 1999, 9.2), not from any evaluation text.
"""

import re
from typing import NamedTuple

__all__ = [
    "ACCORDING",
    "CUE_NOUNS",
    "MESSAGES",
    "MESSAGE_NOUNS",
    "TRIGGERS",
    "Verb",
    "find_verb",
]


class Verb(NamedTuple):
    """What a verb form may be.

    Attributes:
        lemma: Base form.
        frames: Letters of the module's list.
        form: "base", "s", "ed" or "ing" (the past participle is "ed" too).
        particle: Word that must follow ("for" in "call for"), or "".
    """

    lemma: str
    frames: str
    form: str
    particle: str = ""


# lemma: frames, separated by blanks; "x+y" is a verb with a particle.
_VERBS = """
say:spi tell:aspv add:spi announce:spin argue:spi claim:spinv contend:spi insist:spi note:spi
report:spi state:spi write:spi warn:aspin caution:aspi explain:spi acknowledge:spin admit:spin
allege:spi assert:spi complain:spi concede:spi conclude:spi confirm:spin counter:spi declare:spin
estimate:sp hint:spt maintain:sp mention:t observe:spi predict:spin proclaim:spin recall:spi
recount:sp reiterate:spin remark:spi repeat:tq reply:spi respond:tpiq retort:spi tweet:spi
post:qi testify:spi joke:spi boast:spi lament:spin opine:spi protest:sptn pledge:spnv
vow:spnv promise:aspnv swear:sv threaten:nv shout:spi yell:pqi scream:pqi whisper:qi chant:pqi
cry:qi exclaim:qi continue:qi agree:tq disclose:spn clarify:tq charge:spi advise:asn
speculate:sp theorize:sp theorise:sp assess:t imply:tr fume:qi snap:qi scoff:qi sneer:qi sigh:qi
laugh:qi quip:qi muse:qi grumble:spi shrug:q nod:q smile:q grin:q murmur:qi mutter:qi
assure:asn inform:as remind:as notify:as brief:t reassure:as
emphasize:spnri emphasise:spnri stress:spnri underline:tnr underscore:tnr highlight:nrt
suggest:spir indicate:spr show:sr find:tsr reveal:spnr detail:nrt outline:nr describe:n
characterize:n characterise:n portray:n liken:n dub:n brand:n label:n
accuse:n blame:n condemn:n criticize:n criticise:n denounce:n decry:n deplore:n slam:n blast:n
praise:n laud:n hail:n welcome:n commend:n applaud:n urge:nv demand:nvs deny:nspt reject:n
dismiss:n question:n defend:n dispute:nt refute:n propose:nts recommend:nts ask:nvaqi request:nt
appeal:n advocate:n express:n voice:n rebuke:n fault:n mock:n ridicule:n thank:n
congratulate:n salute:n tout:n bemoan:n lambaste:n assail:n chide:n scold:n
apologize:q apologise:q plead:qv beg:qv implore:n beseech:n exhort:n
forecast:sp foresee:t read:qr deem:n cite:nr reaffirm:ntv affirm:st reckon:sp
gush:q bark:q interject:qi chime:q venture:qi intone:qi enthuse:qi
""".split()
_PARTICLE_VERBS = """
call+for:n call+on:n call+upon:n point+out:spi point+to:nr speak+out:n speak+of:n speak+about:n
talk+about:n plead+for:n appeal+for:n appeal+to:n press+for:n push+for:n clamor+for:n
clamour+for:n object+to:n rail+against:n insist+on:n warn+of:n warn+against:n warn+about:n
caution+against:n complain+about:n complain+of:n boast+of:n boast+about:n joke+about:n rule+out:n
lash+out:n hit+out:n apologize+for:n apologise+for:n spell+out:n lay+out:n play+down:n
argue+for:n argue+against:n allude+to:n refer+to:n ask+for:n ask+about:n protest+against:n
go+on:q hit+back:q cry+out:q call+out:q
""".split()
_IRREGULAR = {
    "say": ("says", "said", "saying"),
    "tell": ("tells", "told", "telling"),
    "write": ("writes", "wrote written", "writing"),
    "swear": ("swears", "swore sworn", "swearing"),
    "show": ("shows", "showed shown", "showing"),
    "find": ("finds", "found", "finding"),
    "read": ("reads", "read", "reading"),
    "speak": ("speaks", "spoke spoken", "speaking"),
    "go": ("goes", "went gone", "going"),
    "hit": ("hits", "hit", "hitting"),
    "make": ("makes", "made", "making"),
    "give": ("gives", "gave given", "giving"),
    "put": ("puts", "put", "putting"),
    "lay": ("lays", "laid", "laying"),
    "plead": ("pleads", "pleaded pled", "pleading"),
    "foresee": ("foresees", "foresaw foreseen", "foreseeing"),
    "forecast": ("forecasts", "forecast", "forecasting"),
    "spell": ("spells", "spelled spelt", "spelling"),
    "quip": ("quips", "quipped", "quipping"),
    "nod": ("nods", "nodded", "nodding"),
    "grin": ("grins", "grinned", "grinning"),
    "slam": ("slams", "slammed", "slamming"),
    "beg": ("begs", "begged", "begging"),
    "admit": ("admits", "admitted", "admitting"),
    "dub": ("dubs", "dubbed", "dubbing"),
    "snap": ("snaps", "snapped", "snapping"),
    "refer": ("refers", "referred", "referring"),
    "tout": ("touts", "touted", "touting"),
    "decry": ("decries", "decried", "decrying"),
    "rebuke": ("rebukes", "rebuked", "rebuking"),
    "label": ("labels", "labelled labeled", "labelling labeling"),
}
# Nouns that report ("his claim that ..."): after them only a clause with "that" counts.
CUE_NOUNS = frozenset(
    "claim claims statement statements warning warnings insistence assertion assertions".split()
)
ACCORDING = "according"
# Verbs that report together with a noun ("issued a warning", "raised concerns"). With the first
# group the noun's phrase is content in itself, with the second only what is said in it counts.
_MESSAGES = {
    "express": "hope hopes concern concerns regret doubt doubts fear fears outrage anger alarm "
    "confidence optimism support solidarity condolences willingness dismay shock disappointment "
    "skepticism scepticism sympathy gratitude worry worries opposition",
    "raise": "concern concerns question questions doubt doubts fears alarm objections objection "
    "prospect possibility issue",
    "voice": "concern concerns support opposition hope fears fear doubt doubts anger disaffection "
    "dismay outrage alarm criticism",
    "make": "claim claims statement promise appeal case argument plea accusation accusations "
    "announcement pledge comment comments remarks",
    "issue": "warning statement ultimatum threat appeal call plea alert denial apology demand "
    "condemnation order",
    "put": "number numbers figure figures toll chance chances cost estimate death total",
    "give": "warning assurance assurances pledge",
    "deliver": "warning message ultimatum speech",
}
MESSAGES = {verb: frozenset(nouns.split()) for verb, nouns in _MESSAGES.items()}
# Written or spoken things: "a statement saying that ..." is whoever gave it.
MESSAGE_NOUNS = frozenset(
    "statement letter tweet post message email e-mail note memo release speech interview video "
    "call text remarks comment comments".split()
)


def find_verb(form: str, following: str) -> Verb | None:
    """The reporting verb that a lower-case word form is, or None.

    Args:
        form: The word.
        following: The next word in lower case, since particles decide ("called for").
    """
    verb = _PARTICLE_FORMS.get((form, following))
    return verb if verb is not None else _FORMS.get(form)


def _inflect(lemma: str) -> dict[str, str]:
    if lemma in _IRREGULAR:
        third, past, ing = _IRREGULAR[lemma]
        forms = {lemma: "base", third: "s"}
        forms |= dict.fromkeys(past.split(), "ed") | dict.fromkeys(ing.split(), "ing")
        return forms
    if re.search(r"[^aeiou]y$", lemma):
        return {
            lemma: "base",
            lemma[:-1] + "ies": "s",
            lemma[:-1] + "ied": "ed",
            lemma + "ing": "ing",
        }
    third = lemma + ("es" if re.search(r"(?:s|x|ch|sh)$", lemma) else "s")
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    return {lemma: "base", third: "s", stem + "ed": "ed", stem + "ing": "ing"}


def _all_forms() -> tuple[dict[str, Verb], dict[tuple[str, str], Verb]]:
    plain: dict[str, Verb] = {}
    with_particle: dict[tuple[str, str], Verb] = {}
    for entry in _VERBS:
        lemma, frames = entry.split(":")
        for form, name in _inflect(lemma).items():
            plain[form] = Verb(lemma, frames, name)
    for entry in _PARTICLE_VERBS:
        words, frames = entry.split(":")
        lemma, particle = words.split("+")
        for form, name in _inflect(lemma).items():
            with_particle[form, particle] = Verb(lemma, frames, name, particle)
    for lemma in ("call", *MESSAGES):
        for form, name in _inflect(lemma).items():
            plain.setdefault(form, Verb(lemma, "c" if lemma == "call" else "", name))
    return plain, with_particle


_FORMS, _PARTICLE_FORMS = _all_forms()
# Words that may open an attribution; all others need no second look.
TRIGGERS = frozenset(_FORMS) | {form for form, _ in _PARTICLE_FORMS} | CUE_NOUNS | {ACCORDING, ":"}
