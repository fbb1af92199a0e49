"""Golden table of the rules extractor: invented sentences and the quotes they hold.

Expectations follow the codebook, not the extractor: what it gets wrong stays here as a strict
expected failure with its reason. All people, places and outlets are invented.
"""

import dataclasses
from typing import Literal

import pytest

from framing.quotes.rules import RulesExtractor
from framing.records import Article, Extraction

Kind = Literal["direct", "mixed", "indirect"]


@dataclasses.dataclass(frozen=True)
class Expected:
    """One quote as text: kind, content parts, cue, source and, where it matters, the speaker."""

    kind: Kind
    content: tuple[str, ...]
    cue: str | None
    source: str | None
    speaker: str | None = None


@dataclasses.dataclass(frozen=True)
class Case:
    """A passage, its quotes, and why the extractor gets it wrong ("" when it does not)."""

    id: str
    text: str
    quotes: tuple[Expected, ...]
    wrong: str = ""


def direct(*content: str, cue: str | None, by: str | None, speaker: str | None = None) -> Expected:
    return Expected("direct", content, cue, by, speaker)


def mixed(*content: str, cue: str | None, by: str | None, speaker: str | None = None) -> Expected:
    return Expected("mixed", content, cue, by, speaker)


def indirect(
    *content: str, cue: str | None, by: str | None, speaker: str | None = None
) -> Expected:
    return Expected("indirect", content, cue, by, speaker)


def case(name: str, text: str, *quotes: Expected, wrong: str = "") -> Case:
    return Case(name, text, quotes, wrong)


def extract(text: str) -> Extraction:
    return RulesExtractor().extract(Article(id="a", text=text))


def found(text: str) -> tuple[Expected, ...]:
    """The quotes of a text in the table's form, every speaker named."""
    extraction = extract(text)
    names = {speaker.id: speaker.name for speaker in extraction.speakers}
    return tuple(
        Expected(
            quote.kind,
            tuple(span.of(text) for span in quote.content),
            quote.cue.of(text) if quote.cue else None,
            quote.source.of(text) if quote.source else None,
            names.get(quote.speaker_id or ""),
        )
        for quote in extraction.quotes
    )


MARKS = [
    case(
        "straight marks",
        '"The road is shut," Mira Osei said.',
        direct('"The road is shut,"', cue="said", by="Mira Osei", speaker="Mira Osei"),
    ),
    case(
        "curly marks",
        "“The road is shut,” Mira Osei said.",
        direct("“The road is shut,”", cue="said", by="Mira Osei"),
    ),
    case(
        "low and high marks",
        "„The road is shut,“ Mira Osei said.",
        direct("„The road is shut,“", cue="said", by="Mira Osei"),
    ),
    case(
        "low and curly marks",
        "„The road is shut,” said Mira Osei.",
        direct("„The road is shut,”", cue="said", by="Mira Osei"),
    ),
    case(
        "angle marks",
        "«The road is shut», said Mira Osei.",
        direct("«The road is shut»", cue="said", by="Mira Osei"),
    ),
    case(
        "single curly marks with apostrophes inside",
        "‘We don’t know what’s next,’ said Mira Osei.",
        direct("‘We don’t know what’s next,’", cue="said", by="Mira Osei"),
    ),
    case(
        "single straight marks with apostrophes inside",
        "'We don't know what's next,' said Mira Osei.",
        direct("'We don't know what's next,'", cue="said", by="Mira Osei"),
    ),
    case(
        "single marks with a plural possessive inside",
        "‘The drivers’ families aren’t safe here,’ Osei said.",
        direct("‘The drivers’ families aren’t safe here,’", cue="said", by="Osei"),
    ),
    case(
        "marks of TeX and wire copy",
        "``The road is shut,'' Osei said.",
        direct("``The road is shut,''", cue="said", by="Osei"),
    ),
    case(
        "opened straight, closed curly",
        '"The road is shut,” Osei said.',
        direct('"The road is shut,”', cue="said", by="Osei"),
    ),
    case(
        "opened curly, closed straight",
        '“The road is shut," Osei said.',
        direct('“The road is shut,"', cue="said", by="Osei"),
    ),
    case(
        "closed by a second opening mark",
        "“The road is shut,“ Osei said.",
        direct("“The road is shut,“", cue="said", by="Osei"),
    ),
    case(
        "single marks inside double ones",
        "“He told me, ‘Go home,’ and left,” Osei said.",
        direct("“He told me, ‘Go home,’ and left,”", cue="said", by="Osei"),
    ),
    case(
        "double marks inside single ones",
        "‘She shouted “run” and we ran,’ Osei said.",
        direct("‘She shouted “run” and we ran,’", cue="said", by="Osei"),
    ),
    case(
        "curly marks inside curly ones",
        "“He said “go home” and left,” Osei said.",
        direct("“He said “go home” and left,”", cue="said", by="Osei"),
    ),
    case(
        "straight marks inside straight ones",
        '"He said "go home" and left," Osei said.',
        direct('"He said "go home" and left,"', cue="said", by="Osei"),
        wrong="straight marks do not say whether they open or close: the inner one closes",
    ),
    case(
        "apostrophes are no marks",
        "The drivers' vans and the nurses' cars left in the '90s for the farmers' market.",
    ),
    case("feet and inches are no marks", "A 6' wall and a 5\" pipe stood beside the gate."),
]

PARAGRAPHS = [
    case(
        "paragraphs open anew, only the last closes",
        "Mira Osei said: “The road is shut.\n\n“The bridge is gone.\n\n“We walk at night.”",
        direct(
            "“The road is shut.",
            "“The bridge is gone.",
            "“We walk at night.”",
            cue="said",
            by="Mira Osei",
        ),
    ),
    case(
        "straight marks over two paragraphs, cue at the end",
        '"The road is shut.\n\n"The bridge is gone," Mira Osei said.',
        direct('"The road is shut.', '"The bridge is gone,"', cue="said", by="Mira Osei"),
    ),
    case(
        "follow-on quote",
        "“The road is shut,” Mira Osei said. “The bridge is gone.”",
        direct("“The road is shut,”", "“The bridge is gone.”", cue="said", by="Mira Osei"),
    ),
    case(
        "follow-on quote in the next paragraph",
        "“The road is shut,” Mira Osei said.\n\n“The bridge is gone.”",
        direct("“The road is shut,”", "“The bridge is gone.”", cue="said", by="Mira Osei"),
    ),
    case(
        "follow-on after an inversion with an apposition",
        "“The road is shut,” said Mira Osei, a nurse in Tarna. “The bridge is gone.”",
        direct(
            "“The road is shut,”",
            "“The bridge is gone.”",
            cue="said",
            by="Mira Osei, a nurse in Tarna",
            speaker="Mira Osei",
        ),
    ),
    case(
        "narration between starts a new quote",
        "“The road is shut,” Mira Osei said. Rain fell all night. “The bridge is gone,” she said.",
        direct("“The road is shut,”", cue="said", by="Mira Osei", speaker="Mira Osei"),
        direct("“The bridge is gone,”", cue="said", by="she", speaker="Mira Osei"),
    ),
    case(
        "narration between, second quote without a cue",
        "“The road is shut,” Mira Osei said. Rain fell all night. “The bridge is gone now.”",
        direct("“The road is shut,”", cue="said", by="Mira Osei"),
        direct("“The bridge is gone now.”", cue=None, by=None),
        wrong="the capital of a sentence's first word is read as that of a name",
    ),
    case(
        "two speakers in turn",
        "“We won the vote,” Mira Osei said. “You bought it,” Tomas Velde replied.",
        direct("“We won the vote,”", cue="said", by="Mira Osei", speaker="Mira Osei"),
        direct("“You bought it,”", cue="replied", by="Tomas Velde", speaker="Tomas Velde"),
    ),
    case(
        "a question with a cue of its own after a quote",
        "“The road is shut,” Osei said. “Since when?” Velde asked.",
        direct("“The road is shut,”", cue="said", by="Osei"),
        direct("“Since when?”", cue="asked", by="Velde"),
    ),
    case(
        "interrupted by subject and verb",
        "“The road,” Mira Osei said, “is shut.”",
        direct("“The road,”", "“is shut.”", cue="said", by="Mira Osei"),
    ),
    case(
        "interrupted by an inversion",
        "“The road is shut,” said Mira Osei, “and the bridge is gone.”",
        direct("“The road is shut,”", "“and the bridge is gone.”", cue="said", by="Mira Osei"),
    ),
    case(
        "interrupted and followed on",
        "“The road,” Mira Osei told the Harrow Post, “is shut.” “We walk.”",
        direct("“The road,”", "“is shut.”", "“We walk.”", cue="told", by="Mira Osei"),
    ),
    case(
        "after a colon",
        "Mira Osei said: “The road is shut.”",
        direct("“The road is shut.”", cue="said", by="Mira Osei"),
    ),
    case(
        "after a comma",
        "Mira Osei said, “The road is shut. The bridge is gone.”",
        direct("“The road is shut. The bridge is gone.”", cue="said", by="Mira Osei"),
    ),
    case(
        "after a colon in the next paragraph",
        "Mira Osei told the council:\n\n“The road is shut. The bridge is gone.”",
        direct("“The road is shut. The bridge is gone.”", cue="told", by="Mira Osei"),
    ),
    case(
        "without a cue, after a sentence on the speaker",
        "Mira Osei shook her head. “We have nothing left to eat.”",
        direct("“We have nothing left to eat.”", cue=None, by="Mira Osei"),
    ),
    case(
        "without a cue, in a paragraph of its own",
        "Rain fell on Tarna.\n\n“We have nothing left to eat here.”\n\nThe shops were shut.",
        direct("“We have nothing left to eat here.”", cue=None, by=None),
    ),
    case(
        "a question",
        "“Why now?” Mira Osei asked.",
        direct("“Why now?”", cue="asked", by="Mira Osei"),
    ),
    case(
        "a gesture between two parts",
        "“I saw it burn,” Mira Osei said, pointing at the hill. “Nobody came.”",
        direct("“I saw it burn,”", "“Nobody came.”", cue="said", by="Mira Osei"),
    ),
    case(
        "place and medium after the cue",
        "“The road is shut,” Mira Osei said in a telephone interview from Tarna.",
        direct("“The road is shut,”", cue="said", by="Mira Osei"),
    ),
    case(
        "relative clause after the speaker",
        "“The road is shut,” said a resident of Qarah, who asked not to be named.",
        direct(
            "“The road is shut,”",
            cue="said",
            by="a resident of Qarah, who asked not to be named",
        ),
    ),
    case(
        "one of a group, inverted",
        "“The road is shut,” said one driver.",
        direct("“The road is shut,”", cue="said", by="one driver"),
    ),
    case(
        "told somebody, after a colon",
        "Mira Osei told Tomas Velde: “Go home.”",
        direct("“Go home.”", cue="told", by="Mira Osei"),
    ),
    case(
        "a shout", "“Leave!” the guard shouted.", direct("“Leave!”", cue="shouted", by="the guard")
    ),
    case(
        "broken off",
        "“We were going to—” Mira Osei said.",
        direct("“We were going to—”", cue="said", by="Mira Osei"),
    ),
    case(
        "never closed, up to the end of the paragraph",
        "Mira Osei said: “The road is shut.\n\nRain fell on Tarna.",
        direct("“The road is shut.", cue="said", by="Mira Osei"),
    ),
    case(
        "broken wrongly after a title",
        "“The road is shut,” said Dr.\n\nOsei, a surgeon in Tarna.",
        direct(
            "“The road is shut,”", cue="said", by="Dr.\n\nOsei, a surgeon in Tarna", speaker="Osei"
        ),
    ),
    case(
        "indirect, broken wrongly after a title",
        "The wells were dry, said Prof.\n\nMira Osei of Tarna University.",
        indirect(
            "The wells were dry",
            cue="said",
            by="Prof.\n\nMira Osei of Tarna University",
            speaker="Mira Osei",
        ),
    ),
    case(
        "broken wrongly inside a quotation",
        "“The road is shut and\n\nthe bridge is gone,” Mira Osei said.",
        direct("“The road is shut and", "the bridge is gone,”", cue="said", by="Mira Osei"),
    ),
    case(
        "broken wrongly inside a clause",
        "The ministry said that the road\n\nwas shut.",
        indirect("the road\n\nwas shut", cue="said", by="The ministry"),
    ),
]

NO_SPEECH_IN_MARKS = [
    case("scare quote", "The “liberated” town had no water."),
    case("so-called", "The so-called “safe corridor” was empty on Friday."),
    case(
        "scare quote after direct speech",
        "“The road is shut,” Mira Osei said on the “liberated” bank.",
        direct("“The road is shut,”", cue="said", by="Mira Osei"),
    ),
    case("title after a word for works", "Velde read from his novel “The Long Winter” on stage."),
    case("title after a possessive", "Velde’s “Letters to Tarna” won no prize."),
    case("nickname", "Ilko “Red” Faber opened the shop at dawn."),
    case(
        "nickname in a source",
        "Ilko “Red” Faber said the shop was shut.",
        indirect("the shop was shut", cue="said", by="Ilko “Red” Faber"),
    ),
    case(
        "cross-heading in marks",
        "Rain fell on Tarna.\n\n“NO WAY BACK”\n\nThe road was empty.",
    ),
    case("mark that opens nothing", "Rain fell on “ the empty square."),
    case(
        "title inside indirect speech",
        "Mira Osei said the film “The Long Winter” was shot in Tarna.",
        indirect("the film “The Long Winter” was shot in Tarna", cue="said", by="Mira Osei"),
    ),
    case(
        "distanced name inside indirect speech",
        "Mira Osei said the so-called “safe corridor” was empty.",
        indirect("the so-called “safe corridor” was empty", cue="said", by="Mira Osei"),
    ),
]

MIXED = [
    case(
        "quoted words in a clause",
        "Mira Osei said the road was “a trap” for drivers.",
        mixed("the road was “a trap” for drivers", cue="said", by="Mira Osei"),
    ),
    case(
        "quoted words at the end of a clause",
        "The mayor warned that the winter would be “long and hungry”.",
        mixed("the winter would be “long and hungry”", cue="warned", by="The mayor"),
    ),
    case(
        "naming with quoted words",
        "Tomas Velde called the raid “a crime without a name”.",
        mixed("the raid “a crime without a name”", cue="called", by="Tomas Velde"),
    ),
    case(
        "described as",
        "Residents described the raid as “a rain of iron”.",
        mixed("the raid as “a rain of iron”", cue="described", by="Residents"),
    ),
    case(
        "nothing but quoted words after the cue",
        "Mira Osei spoke of “a long night without water”.",
        direct("“a long night without water”", cue="spoke of", by="Mira Osei"),
    ),
    case(
        "a clause, then a quotation after the cue",
        "Both armies were tired, Mira Osei said, “and that helps.”",
        mixed("Both armies were tired", "“and that helps.”", cue="said", by="Mira Osei"),
    ),
    case(
        "indirect, followed on in marks",
        "Mira Osei said the road was shut. “The bridge is gone.”",
        mixed("the road was shut", "“The bridge is gone.”", cue="said", by="Mira Osei"),
    ),
]

REPORTED = [
    case(
        "with that",
        "Mira Osei said that the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei", speaker="Mira Osei"),
    ),
    case(
        "without that",
        "Mira Osei said the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "officials emphasized",
        "Defence officials emphasized that the pilots had been warned.",
        indirect("the pilots had been warned", cue="emphasized", by="Defence officials"),
    ),
    case(
        "critics argue",
        "Critics argue that the raids feed the war.",
        indirect("the raids feed the war", cue="argue", by="Critics"),
    ),
    case(
        "a report warned",
        "A report warned that the dam could fail by spring.",
        indirect("the dam could fail by spring", cue="warned", by="A report"),
    ),
    case(
        "a study found",
        "A study by Tarna University found that half of the wells were dry.",
        indirect("half of the wells were dry", cue="found", by="A study by Tarna University"),
    ),
    case(
        "explained why",
        "Mira Osei explained why the road was shut.",
        indirect("why the road was shut", cue="explained", by="Mira Osei"),
    ),
    case(
        "asked whether",
        "Tomas Velde asked whether the road was shut.",
        indirect("whether the road was shut", cue="asked", by="Tomas Velde"),
    ),
    case(
        "with an auxiliary and adverbs",
        "The ministry has also repeatedly said that the road was shut.",
        indirect("the road was shut", cue="said", by="The ministry"),
    ),
    case(
        "report inside a report stays whole",
        "Mira Osei said that Velde had warned that the bridge was mined.",
        indirect(
            "Velde had warned that the bridge was mined",
            cue="said",
            by="Mira Osei",
            speaker="Mira Osei",
        ),
    ),
    case(
        "list mark before the sentence",
        "- Mira Osei said the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    # Times and places around the cue.
    case(
        "time before that",
        "Mira Osei said on Monday that the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "bare time before the clause",
        "Mira Osei said Monday the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "time between subject and cue",
        "Mira Osei on Monday said the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "time of day between subject and cue",
        "Mira Osei on Monday night said the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "time in front",
        "On Monday, Mira Osei said the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "statement in front",
        "In a statement, the ministry said the bridge was mined.",
        indirect("the bridge was mined", cue="said", by="the ministry"),
    ),
    case(
        "statement after the cue",
        "The ministry said in a statement that the bridge was mined.",
        indirect("the bridge was mined", cue="said", by="The ministry"),
    ),
    case(
        "however between commas",
        "The ministry said, however, that the bridge was mined.",
        indirect("the bridge was mined", cue="said", by="The ministry"),
    ),
    case(
        "question in front",
        "Asked about the bridge, Tomas Velde said it was mined.",
        indirect("it was mined", cue="said", by="Tomas Velde"),
    ),
    # Whom it is told.
    case(
        "told reporters that",
        "The mayor told reporters that the road was shut.",
        indirect("the road was shut", cue="told", by="The mayor"),
    ),
    case(
        "told a newspaper without that",
        "Tomas Velde told the Harrow Post the road was shut.",
        indirect("the road was shut", cue="told", by="Tomas Velde"),
    ),
    case(
        "told a newspaper on a day that",
        "Tomas Velde told the Harrow Post on Monday that the road was shut.",
        indirect("the road was shut", cue="told", by="Tomas Velde"),
    ),
    case(
        "warned them that",
        "The guards warned them that the bridge was mined.",
        indirect("the bridge was mined", cue="warned", by="The guards"),
    ),
    case(
        "told residents to",
        "The mayor told residents to leave by noon.",
        indirect("residents to leave by noon", cue="told", by="The mayor"),
    ),
    # According to.
    case(
        "according to in front",
        "According to Mira Osei, the road was shut.",
        indirect("the road was shut", cue="According to", by="Mira Osei"),
    ),
    case(
        "according to sources in front",
        "According to sources, the general will resign.",
        indirect("the general will resign", cue="According to", by="sources"),
    ),
    case(
        "according to in the middle",
        "The road, according to Mira Osei, was shut.",
        indirect("The road", "was shut", cue="according to", by="Mira Osei"),
        wrong="only what stands before the credit is taken, the predicate after it is lost",
    ),
    case(
        "according to at the end",
        "The road was shut, according to Mira Osei.",
        indirect("The road was shut", cue="according to", by="Mira Osei"),
    ),
    case(
        "according to at the end without a comma",
        "The road was shut according to two drivers.",
        indirect("The road was shut", cue="according to", by="two drivers"),
    ),
    case(
        "according to with an apposition in front",
        "According to Mira Osei, a nurse in Tarna, the road was shut.",
        indirect(
            "the road was shut",
            cue="According to",
            by="Mira Osei, a nurse in Tarna",
            speaker="Mira Osei",
        ),
    ),
    case(
        "according to with an apposition at the end",
        "The road was shut, according to Mira Osei, a nurse in Tarna.",
        indirect("The road was shut", cue="according to", by="Mira Osei, a nurse in Tarna"),
    ),
    case(
        "according to after marks",
        "“The road is shut,” according to Mira Osei.",
        direct("“The road is shut,”", cue="according to", by="Mira Osei"),
    ),
    # Judging and asking.
    case(
        "called for",
        "The council called for a truce in the north.",
        indirect("a truce in the north", cue="called for", by="The council"),
    ),
    case(
        "called on",
        "The council called on both sides to stop shooting.",
        indirect("both sides to stop shooting", cue="called on", by="The council"),
    ),
    case(
        "urged",
        "The envoy urged both sides to stop shooting.",
        indirect("both sides to stop shooting", cue="urged", by="The envoy"),
    ),
    case(
        "condemned",
        "The bishop condemned the shelling of the market.",
        indirect("the shelling of the market", cue="condemned", by="The bishop"),
    ),
    case(
        "accused",
        "Tomas Velde accused the army of firing on the bridge.",
        indirect("the army of firing on the bridge", cue="accused", by="Tomas Velde"),
    ),
    case(
        "praised",
        "The mayor praised the drivers for staying.",
        indirect("the drivers for staying", cue="praised", by="The mayor"),
    ),
    case(
        "denied firing",
        "The army denied firing on the bridge.",
        indirect("firing on the bridge", cue="denied", by="The army"),
    ),
    case(
        "warned of",
        "Doctors warned of a hungry winter in Tarna.",
        indirect("a hungry winter in Tarna", cue="warned of", by="Doctors"),
    ),
    case(
        "vowed to",
        "The rebels vowed to return before the thaw.",
        indirect("to return before the thaw", cue="vowed", by="The rebels"),
    ),
    case(
        "threatened to",
        "The governor threatened to shut the border at noon.",
        indirect("to shut the border at noon", cue="threatened", by="The governor"),
    ),
    # Participles.
    case(
        "adding that",
        "Mira Osei said the road was shut, adding that the bridge was gone.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
        indirect("the bridge was gone", cue="adding", by="Mira Osei"),
    ),
    case(
        "warning that after an action",
        "The army withdrew its guards, warning that the bridge was mined.",
        indirect("the bridge was mined", cue="warning", by="The army"),
    ),
    case(
        "condemned, warning that",
        "The bishop condemned the shelling of the market, warning that hunger would follow.",
        indirect("the shelling of the market", cue="condemned", by="The bishop"),
        indirect("hunger would follow", cue="warning", by="The bishop"),
    ),
    case(
        "with critics arguing that",
        "The plan passed on Friday, with critics arguing that it came too late.",
        indirect("it came too late", cue="arguing", by="critics"),
    ),
    case(
        "a statement saying",
        "The ministry issued a statement saying the bridge was mined.",
        indirect("the bridge was mined", cue="saying", by="The ministry"),
    ),
    case(
        "quoted as saying",
        "The Morning Post quoted Mira Osei as saying the road was shut.",
        indirect("the road was shut", cue="saying", by="Mira Osei", speaker="Mira Osei"),
    ),
    case(
        "was quoted as saying",
        "Mira Osei was quoted as saying that the road was shut.",
        indirect("the road was shut", cue="saying", by="Mira Osei"),
    ),
    # Passives.
    case(
        "was described as",
        "The raid was described as a success for the coalition.",
        indirect("a success for the coalition", cue="described", by=None),
    ),
    case(
        "is said to",
        "The general is said to be hiding in the hills.",
        indirect("be hiding in the hills", cue="said", by=None),
    ),
    case(
        "is blamed for",
        "The militia is blamed for nine deaths in Tarna.",
        indirect("nine deaths in Tarna", cue="blamed", by=None),
    ),
    case(
        "described by residents as",
        "The raid was described by residents as a massacre of shepherds.",
        indirect("a massacre of shepherds", cue="described", by="residents"),
        wrong="a passive with its agent is not read",
    ),
    # Subjects and their additions.
    case(
        "inversion without marks",
        "The road was shut, said Mira Osei.",
        indirect("The road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "apposition between subject and verb",
        "Mira Osei, a nurse in Tarna, said the road was shut.",
        indirect(
            "the road was shut", cue="said", by="Mira Osei, a nurse in Tarna", speaker="Mira Osei"
        ),
    ),
    case(
        "name as apposition to a function",
        "The army’s spokesman, Ilko Faber, said the road was shut.",
        indirect(
            "the road was shut",
            cue="said",
            by="The army’s spokesman, Ilko Faber",
            speaker="Ilko Faber",
        ),
    ),
    case(
        "aside between dashes",
        "Mira Osei — a nurse in Tarna — said the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei — a nurse in Tarna"),
    ),
    case(
        "participle between subject and verb",
        "Mira Osei, speaking in Tarna, said the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "relative clause of the subject",
        "A driver who fled at dawn said the bridge was mined.",
        indirect("the bridge was mined", cue="said", by="A driver who fled at dawn"),
    ),
    case(
        "reported in a relative clause",
        "Mira Osei met a driver who said the bridge was mined.",
        indirect("the bridge was mined", cue="said", by="a driver"),
    ),
    case(
        "reported in a relative clause that goes on",
        "Tomas Velde, who said the bridge was mined, left Tarna at dawn.",
        indirect("the bridge was mined", cue="said", by="Tomas Velde"),
    ),
    case(
        "place of the subject",
        "Officials in Tarna said the road was shut.",
        indirect("the road was shut", cue="said", by="Officials in Tarna"),
    ),
    case(
        "joint subject",
        "Mira Osei and Tomas Velde said the road was shut.",
        indirect("the road was shut", cue="said", by="Mira Osei and Tomas Velde"),
    ),
    case(
        "party tag between commas",
        "Sen. Tomas Velde, R-Harrow, said the vote was rigged.",
        indirect(
            "the vote was rigged",
            cue="said",
            by="Sen. Tomas Velde, R-Harrow",
            speaker="Tomas Velde",
        ),
    ),
    case(
        "party tag in brackets",
        "Sen. Tomas Velde (R-Harrow) said the vote was rigged.",
        indirect(
            "the vote was rigged",
            cue="said",
            by="Sen. Tomas Velde (R-Harrow)",
            speaker="Tomas Velde",
        ),
    ),
    case(
        "acronym in brackets",
        "The Northern Relief Fund (NRF) said the wells were dry. The NRF added that rain was due.",
        indirect(
            "the wells were dry",
            cue="said",
            by="The Northern Relief Fund (NRF)",
            speaker="Northern Relief Fund",
        ),
        indirect("rain was due", cue="added", by="The NRF", speaker="Northern Relief Fund"),
    ),
    case(
        "pronoun",
        "Mira Osei runs the clinic in Tarna. She said the wells were dry.",
        indirect("the wells were dry", cue="said", by="She", speaker="Mira Osei"),
    ),
    case(
        "age after a name",
        "“We are hungry,” said Mira Osei, 54.",
        direct("“We are hungry,”", cue="said", by="Mira Osei, 54", speaker="Mira Osei"),
    ),
    case(
        "part of a group",
        "One of the drivers said the road was mined.",
        indirect("the road was mined", cue="said", by="One of the drivers"),
    ),
    case(
        "spokesman for a body",
        "A spokesman for the ministry said the road was mined.",
        indirect("the road was mined", cue="said", by="A spokesman for the ministry"),
    ),
    case(
        "office of somebody",
        "The mayor’s office said the road was mined.",
        indirect("the road was mined", cue="said", by="The mayor’s office"),
    ),
    case(
        "title with a stop",
        "Ms. Osei and Lt. Gen. Ilko Faber said the road was mined.",
        indirect("the road was mined", cue="said", by="Ms. Osei and Lt. Gen. Ilko Faber"),
    ),
    case(
        "acronym with stops",
        "The N.R.F. said the road was mined.",
        indirect("the road was mined", cue="said", by="The N.R.F."),
    ),
    case(
        "quantifier as subject",
        "Others argue that the raids feed the war.",
        indirect("the raids feed the war", cue="argue", by="Others"),
    ),
    case(
        "for her part",
        "Mira Osei, for her part, said the road was mined.",
        indirect("the road was mined", cue="said", by="Mira Osei"),
    ),
    case(
        "number and open letter",
        "Some 300 doctors said in an open letter that the water was foul.",
        indirect("the water was foul", cue="said", by="Some 300 doctors"),
    ),
    case(
        "writing in a paper",
        "Tomas Velde, writing in the Harrow Post, argued that the road was mined.",
        indirect("the road was mined", cue="argued", by="Tomas Velde"),
    ),
    case(
        "time of a live blog in front",
        "14:05 The ministry says the road is shut.",
        indirect("the road is shut", cue="says", by="The ministry"),
    ),
    case(
        "sentence in brackets",
        "(Mira Osei said the road was shut.)",
        indirect("the road was shut", cue="said", by="Mira Osei"),
        wrong="the stop before a closing bracket is read as that of an abbreviation",
    ),
    case(
        "it takes up a body",
        "The ministry said the road was shut. It added that the bridge was mined.",
        indirect("the road was shut", cue="said", by="The ministry"),
        indirect("the bridge was mined", cue="added", by="It"),
    ),
    # More than one cue.
    case(
        "a second clause with that",
        "Mira Osei said the road was shut and that the bridge was gone.",
        indirect("the road was shut and that the bridge was gone", cue="said", by="Mira Osei"),
    ),
    case(
        "two clauses with a semicolon",
        "Mira Osei said the road was shut; Tomas Velde said it was open.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
        indirect("it was open", cue="said", by="Tomas Velde"),
    ),
    case(
        "went on to say",
        "The mayor went on to say that the road was shut.",
        indirect("the road was shut", cue="say", by="The mayor"),
    ),
    case(
        "direct, then adding that",
        "“The road is shut,” the ministry said, adding that the bridge was gone.",
        direct("“The road is shut,”", cue="said", by="the ministry"),
        indirect("the bridge was gone", cue="adding", by="the ministry"),
    ),
    case(
        "direct, then before adding",
        "“The road is shut,” Mira Osei said, before adding: “The bridge is gone.”",
        direct("“The road is shut,”", cue="said", by="Mira Osei"),
        direct("“The bridge is gone.”", cue="adding", by="Mira Osei"),
        wrong="a participle after a preposition is not read",
    ),
    case(
        "direct, then and added",
        "“The road is shut,” Mira Osei said, and added: “The bridge is gone.”",
        direct("“The road is shut,”", cue="said", by="Mira Osei"),
        direct("“The bridge is gone.”", cue="added", by="Mira Osei"),
    ),
    case(
        "an adverbial opens the content",
        "Mira Osei said that, after the raid, the road was shut.",
        indirect("after the raid, the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "coordinated cues",
        "The mayor said the road was shut and called for a truce in the north.",
        indirect("the road was shut", cue="said", by="The mayor"),
        indirect("a truce in the north", cue="called for", by="The mayor"),
    ),
    case(
        "while another said",
        "Mira Osei said the road was open, while Tomas Velde said it was mined.",
        indirect("the road was open", cue="said", by="Mira Osei"),
        indirect("it was mined", cue="said", by="Tomas Velde"),
    ),
    case(
        "cue in an opening clause",
        "While the mayor demands a vote by Friday, the army keeps the gate.",
        indirect("a vote by Friday", cue="demands", by="the mayor"),
    ),
    case(
        "contrast of the writer",
        "Mira Osei said the road was open, but the gate stayed shut.",
        indirect("the road was open", cue="said", by="Mira Osei"),
    ),
    # Credits.
    case(
        "trailing credit",
        "The road will open on Friday, officials said.",
        indirect("The road will open on Friday", cue="said", by="officials"),
    ),
    case(
        "trailing credit with a statement",
        "The bridge was mined, the ministry said in a statement on Monday.",
        indirect("The bridge was mined", cue="said", by="the ministry"),
    ),
    case(
        "credit in the middle",
        "The bridge, officials said, was mined.",
        indirect("The bridge", "was mined", cue="said", by="officials"),
    ),
    case(
        "trailing credit of an outlet",
        "The general has fled to the hills, the Morning Post reported.",
        indirect("The general has fled to the hills", cue="reported", by="the Morning Post"),
    ),
    case(
        "trailing credit of an outlet leaves it to the speaker",
        "Mira Osei said the road was shut, the Morning Post reported.",
        indirect("the road was shut", cue="said", by="Mira Osei"),
    ),
    case(
        "an outlet reports what another said",
        "The Morning Post reports that Mira Osei is ill.",
        indirect("Mira Osei is ill", cue="reports", by="The Morning Post"),
    ),
    case(
        "credit in the middle, a second clause after it",
        "The road was shut, Mira Osei said, and the bridge was gone.",
        indirect("The road was shut", "and the bridge was gone", cue="said", by="Mira Osei"),
    ),
    case(
        "as somebody said",
        "As the mayor said, the road is shut to lorries.",
        indirect("the road is shut to lorries", cue="said", by="the mayor"),
        wrong="content is looked for before an intransitive cue only",
    ),
    # Headings.
    case(
        "heading without marks",
        "Sources: the general will resign on Friday.",
        indirect("the general will resign on Friday", cue=":", by="Sources"),
    ),
    case(
        "heading with marks",
        "Mayor Ilko Faber: “The road is shut.”",
        direct("“The road is shut.”", cue=":", by="Mayor Ilko Faber", speaker="Ilko Faber"),
    ),
    # Nouns that report.
    case(
        "issued a warning that",
        "The ministry issued a warning that the bridge was mined.",
        indirect("the bridge was mined", cue="issued a warning", by="The ministry"),
    ),
    case(
        "raised concerns about",
        "Doctors raised concerns about the water in Tarna.",
        indirect("concerns about the water in Tarna", cue="raised", by="Doctors"),
    ),
    case(
        "expressed hope that",
        "The envoy expressed hope that the road would open.",
        indirect("the road would open", cue="expressed hope", by="The envoy"),
    ),
    case(
        "its insistence that",
        "The army repeated its insistence that the road was safe.",
        indirect("the road was safe", cue="insistence", by="its"),
    ),
    case(
        "claim as the subject of another verb",
        "Velde’s claim that the road was mined angered drivers.",
        indirect("the road was mined", cue="claim", by="Velde’s"),
        wrong="without a parser the clause runs on over the main verb",
    ),
    case(
        "as somebody put it",
        "As Mira Osei put it: “The road is shut.”",
        direct("“The road is shut.”", cue="put it", by="Mira Osei"),
        wrong="the cue is read as the colon of a heading",
    ),
    case(
        "in the words of",
        "In the words of Mira Osei, “the road is a grave.”",
        direct("“the road is a grave.”", cue="In the words of", by="Mira Osei"),
        wrong="the phrase is not among the cues",
    ),
]

NO_REPORT = [
    case("negated", "Mira Osei did not say whether the road was shut."),
    case("negated, contracted", "Mira Osei wouldn’t say that the road was shut."),
    case("not yet said", "Mira Osei has not yet said whether the road was shut."),
    case("declined to comment", "Tomas Velde declined to comment on the raid."),
    case("refused to say", "Tomas Velde refused to say that the road was shut."),
    case(
        "infinitive of purpose", "Ilko Faber went north to warn villagers that the road was mined."
    ),
    case("expected to say", "Tomas Velde is expected to say that the road is shut."),
    case("belief", "Officials believe that the road was mined."),
    case("wish", "The mayor wants the army to leave by noon."),
    case("order", "The general ordered his men to leave by noon."),
    case("reportedly", "The general has reportedly fled to the hills."),
    case("content is a pronoun", "Tomas Velde denied it."),
    case("said so", "Mira Osei said so."),
    case("report is a noun", "The report on the bridge was late."),
    case("claim is a noun", "A claim for damages was filed in Tarna."),
    case("warning is a noun", "The guards fired a warning shot at the drivers."),
    case("call is a noun", "The call came at dawn and the line went dead."),
    case("state is a noun", "The state of the road worried drivers."),
    case("added to something", "Mira Osei added sugar to the tea."),
    case("reported to a place", "The recruits reported to the barracks at dawn."),
    case("claimed a thing", "The floods claimed nine lives in Tarna."),
    case("charged a hill", "The soldiers charged the hill at dawn."),
    case("found a thing", "The divers found the keys under the bridge."),
    case(
        "found a thing to be so",
        "The divers found it blocked.",
        wrong="after a pronoun any -ed form is taken for a finite verb",
    ),
    case("showed a thing", "The drivers showed their passes at the gate."),
    case("read a thing", "Mira Osei read the letter twice."),
    case("barked without words", "The dogs barked at the gate all night."),
    case(
        "words in marks that are thought",
        "“They will come back at night,” she thought.",
        wrong="a sentence in marks without a cue is taken for speech",
    ),
    case("forecast is passive", "Snow was forecast for Tuesday."),
    case("colon of a topic", "Tarna: what we know so far about the raid."),
    case("colon of a list", "The trucks carried three things: flour, salt and oil."),
    case(
        "nobody said",
        "Nobody said the road was shut.",
        wrong="a subject that denies the act of speaking is taken for a source",
    ),
    case(
        "if somebody says",
        "If the mayor says the road is shut, drivers will walk.",
        wrong="a conditional is read like a report",
    ),
]

PASSAGES = [
    case(
        "a story with marks",
        "Warplanes struck a depot near Tarna, Kestrel News reported on Monday.\n\n"
        "“We hit what we came for,” a military source told the channel. “Nothing else was "
        "touched.”\n\n"
        "The ministry’s spokesman, Col. Ilko Faber, said the pilots had been warned.\n\n"
        "A report by the Northern Council found that nine shepherds had died. Critics argue that "
        "the raids feed the war.\n\n"
        "“This is a war without a map,” said Prof.\n\n"
        "Mira Osei, who teaches at Tarna University. “Nobody drew one.”\n\n"
        "“The raids will go on,” Faber said. “And the road stays shut.”",
        indirect(
            "Warplanes struck a depot near Tarna",
            cue="reported",
            by="Kestrel News",
            speaker="Kestrel News",
        ),
        direct(
            "“We hit what we came for,”",
            "“Nothing else was touched.”",
            cue="told",
            by="a military source",
            speaker="a military source",
        ),
        indirect(
            "the pilots had been warned",
            cue="said",
            by="The ministry’s spokesman, Col. Ilko Faber",
            speaker="Ilko Faber",
        ),
        indirect("nine shepherds had died", cue="found", by="A report by the Northern Council"),
        indirect("the raids feed the war", cue="argue", by="Critics", speaker="Critics"),
        direct(
            "“This is a war without a map,”",
            "“Nobody drew one.”",
            cue="said",
            by="Prof.\n\nMira Osei, who teaches at Tarna University",
            speaker="Mira Osei",
        ),
        direct(
            "“The raids will go on,”",
            "“And the road stays shut.”",
            cue="said",
            by="Faber",
            speaker="Ilko Faber",
        ),
    ),
    case(
        "a story without marks",
        "The Velmark government has begun moving its troops out of Ostrel, Kestrel News "
        "reports.\n\n"
        "According to sources, the last convoy will leave on Friday. Defence officials emphasized "
        "that no date had been set.\n\n"
        "Critics argue that the withdrawal rewards the militia. Supporters counter that the "
        "soldiers achieved nothing in nine years.\n\n"
        "Analysts at the Tarna Institute warn of a hungry winter.",
        indirect(
            "The Velmark government has begun moving its troops out of Ostrel",
            cue="reports",
            by="Kestrel News",
        ),
        indirect("the last convoy will leave on Friday", cue="According to", by="sources"),
        indirect("no date had been set", cue="emphasized", by="Defence officials"),
        indirect("the withdrawal rewards the militia", cue="argue", by="Critics"),
        indirect("the soldiers achieved nothing in nine years", cue="counter", by="Supporters"),
        indirect("a hungry winter", cue="warn of", by="Analysts at the Tarna Institute"),
    ),
]

GOLDEN = [*PASSAGES, *MARKS, *PARAGRAPHS, *NO_SPEECH_IN_MARKS, *MIXED, *REPORTED, *NO_REPORT]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case.id,
            marks=[pytest.mark.xfail(raises=AssertionError, reason=case.wrong)]
            if case.wrong
            else [],
        )
        for case in GOLDEN
    ],
)
def test_golden_table(case: Case) -> None:
    quotes = found(case.text)
    asked = [expected.speaker is not None for expected in case.quotes]
    asked += [False] * (len(quotes) - len(asked))
    assert case.quotes == tuple(
        quote if ask else dataclasses.replace(quote, speaker=None)
        for quote, ask in zip(quotes, asked, strict=False)
    )


def test_golden_table_names_each_case_once() -> None:
    names = [case.id for case in GOLDEN]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "left_out", "reason"),
    [
        ("The “liberated” town had no water.", "“liberated”", "nobody is reported to say"),
        ("Velde read from his novel “The Long Winter” on stage.", "“The Long Winter”", "a title"),
        ("Ilko “Red” Faber opened the shop.", "“Red”", "a nickname"),
        ("Rain fell on “ the empty square.", "“", "never closed"),
    ],
)
def test_what_stands_in_marks_and_is_no_quote_is_left_out_with_a_reason(
    text: str, left_out: str, reason: str
) -> None:
    extraction = extract(text)
    assert extraction.quotes == ()
    (exclusion,) = extraction.exclusions
    assert exclusion.span is not None
    assert exclusion.span.of(text) == left_out
    assert reason in exclusion.reason
    assert exclusion.item.startswith(left_out)
    assert (exclusion.stage, exclusion.article_id) == ("quotes", "a")


def test_a_claimed_quotation_is_not_left_out() -> None:
    assert extract("“The road is shut,” Mira Osei said.").exclusions == ()


def test_exclusions_stand_in_text_order() -> None:
    text = "Rain fell on “ the square.\n\nThe “liberated” town slept.\n\nThe “safe” road was wet."
    starts = [e.span.start for e in extract(text).exclusions if e.span is not None]
    assert starts == [text.index("“ the"), text.index("“lib"), text.index("“safe")]


def test_ids_carry_the_article_and_count_from_one() -> None:
    extraction = RulesExtractor().extract(
        Article(id="x7", text="Mira Osei said it rained. Tomas Velde said it snowed.")
    )
    assert [quote.id for quote in extraction.quotes] == ["x7-q1", "x7-q2"]
    assert {quote.article_id for quote in extraction.quotes} == {"x7"}


# Found by hypothesis.
@pytest.mark.parametrize(
    "text",
    [
        "\x01",  # stood for a hidden quotation
        "\x01 “The road is shut,” Mira Osei said. \x02",
        "according to , „“",  # an empty source
        "“”",
        ": :",
        "said",
        "“a”“b”“c”",
    ],
)
def test_odd_texts_that_once_raised_or_might(text: str) -> None:
    extract(text)


def test_control_characters_hide_no_quotation() -> None:
    text = "\x01 “The road is shut,” Mira Osei said. \x02"
    assert [quote.text(text) for quote in extract(text).quotes] == ["“The road is shut,”"]
