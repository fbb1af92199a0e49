"""An invented run to report on: every article, outlet, place and person in it is made up."""

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np

from framing.balance import article_rng, load_extraction_error, measure_balance
from framing.codebook import Codebook, load_codebook
from framing.records import (
    Article,
    ArticleBalance,
    Exclusion,
    Extraction,
    Label,
    Placement,
    Prediction,
    Quote,
    Span,
    Speaker,
)
from framing.report import ModelNote

__all__ = ["SampleRun", "sample_run"]

TARGET = "the naval blockade of Port Ansel"

# (speaker key, stance, words) is a quote, (None, stance, words) one without a speaker; a plus
# sign before the key goes on with the quote before. Plain strings are narration.
Part = str | tuple[str | None, str, str]
SPEAKERS = {
    "okoro": ("Rear Adm. Lena Okoro", "the commander of the blockade", "military", "person"),
    "varga": ("Deputy Prime Minister Tomas Varga", "", "government", "person"),
    "reyes": ("Dr. Ines Reyes", "a surgeon at the harbour clinic", "civil_society", "person"),
    "hale": ("Martin Hale", "a retired naval attaché", "expert", "person"),
    "agency": ("United Nations", "", "international_organisation", "organisation"),
    "mother": ("a mother of three from the old quarter", "", "civilian", "unnamed"),
    "critics": ("critics of the government", "", "unspecified", "group"),
    "herald": ("The Ansel Herald", "", "media", "organisation"),
    "front": ("Coastal Front", "the movement that holds the port", "armed_group", "organisation"),
}
PLACES: tuple[tuple[str, str, str, tuple[Part, ...]], ...] = (
    (
        "Navy tightens blockade of Port Ansel as food runs short",
        "Northern Wire",
        TARGET,
        (
            "Warships closed the last channel into Port Ansel on Tuesday, the eleventh day of a "
            "blockade that has cut the city off from its fuel depots and most of its food.\n\n",
            (
                "okoro",
                "supportive",
                "“The line holds, and every day that it holds shortens this war,”",
            ),
            " said Rear Adm. Lena Okoro, the commander of the blockade. ",
            (
                "+okoro",
                "supportive",
                "“My crews have stopped forty-one ships without firing a shot.”",
            ),
            " She added that ",
            ("okoro", "supportive", "the patrols would be doubled before the end of the week"),
            ".\n\nIn the harbour clinic the generators run for four hours a day. ",
            (
                "reyes",
                "humanitarian",
                "“We operate by head torch, and we choose who gets the oxygen,”",
            ),
            " said Dr. Ines Reyes, a surgeon there. According to the United Nations, ",
            ("agency", "humanitarian", "some 60,000 people have no clean water"),
            ", and ",
            (
                "agency",
                "neutral",
                "two convoys were still waiting at the northern checkpoint on Monday",
            ),
            ".\n\nDeputy Prime Minister Tomas Varga told parliament that ",
            ("varga", "supportive", "there was no other way to stop the rockets"),
            ". Critics of the government said ",
            (
                "critics",
                "critical",
                "the cabinet had never shown a legal basis for closing a civilian port",
            ),
            ".\n\n",
            ("hale", "critical", "“You do not starve a city into loving you,”"),
            " said Martin Hale, a retired naval attaché. ",
            (
                "+hale",
                "critical",
                "“It was tried at the straits, it failed at the straits, and the men who "
                "planned this one were lieutenants there.”",
            ),
            "\n\nThe Ansel Herald reported that ",
            ("herald", "neutral", "three freighters turned back overnight"),
            ". ",
            (None, "neutral", "One of them was said to carry spare parts for the power station"),
            ".\n\nIn the old quarter a mother of three counted the cans on her shelf. ",
            ("mother", "humanitarian", "“Six,” she said. “I have six, and then I do not know”"),
            ". The Coastal Front, the movement that holds the port, vowed that ",
            ("front", "critical", "it would answer every stopped ship with one of its own"),
            ".",
        ),
    ),
    (
        "‘No other way’: inside the cabinet’s case for closing a port",
        "The Meridian Review",
        TARGET,
        (
            "The decision was taken at four in the morning.\n\n",
            ("varga", "supportive", "“We had the votes and we had the reason,”"),
            " Deputy Prime Minister Tomas Varga said in an interview. ",
            ("+varga", "supportive", "“Rockets do not come from nowhere. They come by sea.”"),
            "\n\nHe argued that ",
            (
                "varga",
                "supportive",
                "the blockade was lawful because the port had been a supply base since the spring",
            ),
            ", and called the first week ",
            ("varga", "supportive", "“a success by any measure”"),
            ".\n\nRear Adm. Lena Okoro, who commands it, was more guarded: ",
            ("okoro", "neutral", "“I report ships. I have reported forty-one.”"),
            "\n\nMartin Hale, a retired naval attaché, warned that ",
            (
                "hale",
                "critical",
                "a closed port would be reopened by whoever the neighbours chose to pay",
            ),
            ".",
        ),
    ),
    (
        "Clinic by head torch: eleven nights in the harbour",
        "Harbour Light",
        "",
        (
            "The lamps go out at ten.\n\n",
            ("reyes", "humanitarian", "“After ten we are a clinic of hands,”"),
            " said Dr. Ines Reyes, a surgeon at the harbour clinic. She described ",
            ("reyes", "humanitarian", "two births by the light of a telephone"),
            ".\n\n",
            ("mother", "humanitarian", "“My youngest asks when the sea will be open again,”"),
            " said a mother of three from the old quarter. She said ",
            ("mother", "critical", "the admirals should be made to explain it to him"),
            ".\n\nThe United Nations called for ",
            ("agency", "humanitarian", "a corridor for medicine “before the weekend”"),
            ", and said ",
            ("agency", "neutral", "its ship could sail within a day"),
            ".",
        ),
    ),
    (
        "Port Ansel: what we know so far",
        "Quayside Radio",
        TARGET,
        (
            "Here is what we know at noon. The navy says ",
            ("okoro", "neutral", "the southern channel is closed to all ships"),
            ". The Ansel Herald reports ",
            ("herald", "neutral", "queues at the bakeries"),
            ".",
        ),
    ),
    (
        "Tide tables for the week",
        "Quayside Radio",
        "",
        ("High water at the old mole is at 6.12 and 18.40. Small craft should keep clear of it.",),
    ),
)
PEOPLE = ("okoro", "varga", "reyes", "hale", "agency", "critics", "front", "herald")


@dataclasses.dataclass(frozen=True)
class SampleRun:
    """What `write_report` takes."""

    articles: list[Article]
    extractions: dict[str, Extraction]
    predictions: list[Prediction]
    labels: list[Label]
    balances: list[ArticleBalance]
    exclusions: list[Exclusion]
    codebook: Codebook
    notes: tuple[str, ...]
    models: tuple[ModelNote, ...]
    run: dict[str, str]

    def arguments(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


def sample_run(n_articles: int = 12, *, seed: int = 7) -> SampleRun:
    """A run over the five written articles and, above five, ones made of shuffled parts."""
    rng = np.random.default_rng(seed)
    codebook = load_codebook()
    articles, extractions, predictions, balances = [], {}, [], []
    labels = [
        Label(unit_id="ansel-01-q2", variable="stance", value="supportive", annotator="adjudicated")
    ]
    for n in range(n_articles):
        title, outlet, target, parts = PLACES[n] if n < len(PLACES) else _shuffled(n, rng)
        article, extraction, truth = _article(n, title, outlet, target, parts)
        articles.append(article)
        extractions[article.id] = extraction
        made = _predictions(extraction, truth, codebook, rng)
        predictions += made
        balances.append(_balance(article, extraction, made, labels, codebook))
    return SampleRun(
        articles=articles,
        extractions=extractions,
        predictions=predictions,
        labels=labels,
        balances=balances,
        exclusions=[
            Exclusion(item="scan-07.pdf", reason="not text: the file is binary", stage="articles"),
            Exclusion(item="scan-08.pdf", reason="not text: the file is binary", stage="articles"),
            Exclusion(item="le-port.txt", reason="language is fr; only en is read",
                      stage="articles"),
            Exclusion(item="“success”", reason="quotation marks around a single word: scare quotes",
                      stage="quotes", article_id=articles[0].id, span=Span(3, 9)),
        ],
        codebook=codebook,
        notes=(
            "Shares are of quotes found by rules. About one indirect quote in three is missed.",
            "A balanced article is not a true one: the numbers say who is given the word.",
        ),
        models=(
            ModelNote(
                name="frozen-minilm-logistic", variable="stance",
                trained_on="16 invented articles with 212 quotes.",
                scores=(("macro-F1, cross-validated by article", 0.52, 0.45, 0.6),
                        ("accuracy", 0.58, None, None)),
                caveat="This is a weak classifier; read single quotes yourself.",
                command="framing train stance annotations/samples --seed 1",
            ),
            ModelNote(
                name="frozen-minilm-logistic", variable="role",
                trained_on="16 invented articles with 141 speakers.",
                scores=(("macro-F1, cross-validated by article", 0.66, 0.58, 0.73),),
            ),
        ),
        run={"version": "0.1.0", "seed": "7", "extractor": "rules",
             "input": "12 files, sha256 of all 5f2c9a44d1be"},
    )  # fmt: skip


def _shuffled(n: int, rng: np.random.Generator) -> tuple[str, str, str, tuple[Part, ...]]:
    lean = rng.dirichlet([1.0, 1.0, 0.6, 0.8])
    stances = ("supportive", "critical", "humanitarian", "neutral")
    parts: list[Part] = [f"Day {n} of the blockade brought no news from the channel.\n\n"]
    for k in range(int(rng.integers(5, 15))):
        who = PEOPLE[int(rng.integers(len(PEOPLE)))]
        stance = stances[int(rng.choice(4, p=lean))]
        words = " ".join(["“The sea is wide and the channel is narrow,"] * int(rng.integers(1, 4)))
        parts += [(who, stance, words + "”"), f" said {SPEAKERS[who][0]}. "]
        if k % 3 == 2:
            parts.append("Nobody on the quay could confirm it.\n\n")
    return f"Blockade diary, day {n}", f"Outlet {n % 4 + 1}", TARGET, tuple(parts)


def _article(
    n: int, title: str, outlet: str, target: str, parts: Sequence[Part]
) -> tuple[Article, Extraction, dict[str, str]]:
    article_id = f"ansel-{n + 1:02d}"
    text = ""
    contents: list[tuple[str | None, str, list[Span]]] = []
    for part in parts:
        words = part if isinstance(part, str) else part[2]
        span = Span(len(text), len(text) + len(words))
        text += words
        if isinstance(part, str):
            continue
        who, stance, _ = part
        if who and who.startswith("+"):
            contents[-1][2].append(span)
        else:
            contents.append((who, stance, [span]))
    speakers = {
        who: f"{article_id}-s-{who}" for who, _, _ in contents if who is not None
    }  # in the order in which they are quoted
    truth: dict[str, str] = {}
    quotes = []
    for k, (who, stance, spans) in enumerate(contents):
        quote_id = f"{article_id}-q{k + 1}"
        direct = all(span.of(text).startswith("“") for span in spans)
        quotes.append(
            Quote(
                id=quote_id, article_id=article_id, kind="direct" if direct else "indirect",
                content=tuple(spans), speaker_id=speakers[who] if who else None,
                reason="" if who else "a passive that names no source",
            )
        )  # fmt: skip
        truth[quote_id] = stance
    people = []
    for who, speaker_id in speakers.items():
        name, description, role, kind = SPEAKERS[who]
        people.append(
            Speaker(
                id=speaker_id, article_id=article_id, name=name, description=description,
                kind=kind, named=kind != "unnamed",  # type: ignore[arg-type]
            )
        )  # fmt: skip
        truth[speaker_id] = role
    article = Article(
        id=article_id, text=text.strip(), title=title, outlet=outlet, target=target,
        date=datetime.date(2021, 3, 1) + datetime.timedelta(days=n), url=f"https://example.org/{n}",
    )  # fmt: skip
    extraction = Extraction(article_id=article_id, quotes=tuple(quotes), speakers=tuple(people))
    return article, extraction, truth


def _predictions(
    extraction: Extraction, truth: dict[str, str], codebook: Codebook, rng: np.random.Generator
) -> list[Prediction]:
    made = []
    units = [(quote.id, "stance") for quote in extraction.quotes]
    units += [(speaker.id, "role") for speaker in extraction.speakers]
    for unit_id, name in units:
        categories = codebook.variable(name).names
        sure = rng.uniform(0.4, 0.97)
        rest = rng.dirichlet(np.ones(len(categories) - 1)) * (1 - sure)
        shares = iter(rest.tolist())
        probabilities = [sure if c == truth[unit_id] else next(shares) for c in categories]
        made.append(
            Prediction(
                unit_id=unit_id, variable=name, model="frozen-minilm-logistic",
                codebook=codebook.digest, categories=categories,
                probabilities=tuple(probabilities),
                basis="out_of_fold" if "-01-" in unit_id else "new",
            )
        )  # fmt: skip
    return made


def _balance(
    article: Article,
    extraction: Extraction,
    predictions: Sequence[Prediction],
    labels: Sequence[Label],
    codebook: Codebook,
) -> ArticleBalance:
    lead = article.text.find("\n\n", article.text.find("\n\n") + 1)
    return measure_balance(
        article_id=article.id,
        target=article.stance_target,
        target_is_title=not article.target,
        quotes=extraction.quotes,
        speakers=extraction.speakers,
        placements=[
            Placement(
                quote_id=quote.id,
                n_words=len(quote.text(article.text).split()),
                position=quote.content[0].start / len(article.text),
                in_lead=lead < 0 or quote.content[0].start < lead,
            )
            for quote in extraction.quotes
        ],
        predictions=predictions,
        labels=labels,
        codebook=codebook,
        extraction_error=load_extraction_error("rules"),
        n_draws=100,
        rng=article_rng(seed=1, article_id=article.id),
    )
