"""Decisions on what coders disagree about, and the one coding that follows from them."""

import collections
import dataclasses
import itertools
from collections.abc import Mapping

from framing.dataset.exchange.coded_corpus import CodedCorpus, gather_corpus, next_unit_id
from framing.dataset.exchange.coder_differences import UNIT, CoderDifferences
from framing.records import Exclusion, Label, Quote, Span, Speaker

__all__ = ["ADJUDICATED", "LEAVE_OUT", "NO_LABEL", "TAKE", "Decision", "Gold", "adjudicate"]

ADJUDICATED = "adjudicated"  # annotator of gold labels
TAKE = "take"  # the question whose record holds
LEAVE_OUT = "leave out"  # of a quote: nobody should have coded it
NO_LABEL = "no label"  # of a category: none should have been given


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the adjudicator decided of one unit.

    Attributes:
        take: Name of the coder whose record holds, `LEAVE_OUT`, or "" where it was not decided.
        values: By variable: a category, or `NO_LABEL`; those not decided are not in it.
        reason: In words; "" where nothing was decided.
        cells: Where each of these stands in the file, for messages.
    """

    take: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    reason: str = ""
    cells: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The adjudicated coding.

    Attributes:
        corpus: Labels are by "adjudicated"; the note of one that was decided is the reason.
        left_out: Quotes and speakers that are not in it, with the reason.
        unit_ids: Id in the corpus of each shared speaker, then of each shared quote; "" where it
            was left out.
    """

    corpus: CodedCorpus
    left_out: tuple[Exclusion, ...]
    unit_ids: tuple[str, ...]


def adjudicate(
    differences: CoderDifferences, decisions: Mapping[int, Decision]
) -> tuple[Gold | None, list[tuple[str, str]]]:
    """Put together what coders agree on and what was decided.

    A speaker is in it where a quote is given to them, or where all coders have found them.

    Args:
        differences: Of the coders.
        decisions: By the unit's number in `differences.units`.

    Returns:
        The gold coding, and no problems; or None, and what is wrong as (place, what).
    """
    return _Adjudication(differences, decisions).gold()


class _Adjudication:
    """One pass over the units that collects what is wrong."""

    def __init__(self, differences: CoderDifferences, decisions: Mapping[int, Decision]) -> None:
        self.articles = [document.article for document in differences.documents]
        self.units = differences.units
        self.n_speakers = len(differences.speakers)
        self.decisions = decisions
        self.names = differences.names
        self.codebook = differences.codebook
        self.problems: list[tuple[str, str]] = []
        self.left_out: list[Exclusion] = []

    def gold(self) -> tuple[Gold | None, list[tuple[str, str]]]:
        chosen = {n: self.choose(n) for n in range(self.n_speakers, len(self.units))}
        used = {
            self.units[n].speakers[coder]
            for n, coder in chosen.items()
            if coder is not None and self.units[n].speakers[coder] is not None
        }
        for n in range(self.n_speakers):
            chosen[n] = self.choose(n) if n in used or None not in self.units[n].found else None
            if chosen[n] is None and n not in used:
                self.leave_out(n, "no quote of the adjudicated ones is given to this speaker")
        values = {n: self.values(n) for n, coder in chosen.items() if coder is not None}
        if not self.problems:  # an undecided quote may be left out yet
            self.check_overlaps(chosen)
        if self.problems:
            return None, self.problems
        ids = self.ids(chosen)
        records: list[Quote | Speaker] = []
        for n, name in ids.items():
            coder = chosen[n]
            record = None if coder is None else self.units[n].found[coder]
            if isinstance(record, Quote) and coder is not None:
                number = self.units[n].speakers[coder]
                speaker_id = None if number is None else ids[number]
                records.append(dataclasses.replace(record, id=name, speaker_id=speaker_id))
            elif isinstance(record, Speaker):
                records.append(dataclasses.replace(record, id=name))
        corpus = gather_corpus(
            self.articles,
            [record for record in records if isinstance(record, Quote)],
            [record for record in records if isinstance(record, Speaker)],
            [
                dataclasses.replace(label, unit_id=ids[n])
                for n, labels in values.items()
                for label in labels
            ],
            codebook=self.codebook,
        )
        gold = Gold(
            corpus=corpus,
            left_out=tuple(self.left_out),
            unit_ids=tuple(ids.get(n, "") for n in range(len(self.units))),
        )
        return gold, []

    def choose(self, n: int) -> int | None:
        """Position of the coder whose record holds, None where the unit is left out."""
        unit, decision = self.units[n], self.decisions.get(n, Decision())
        if decision.take == LEAVE_OUT:
            self.leave_out(n, decision.reason)
            if decision.values:
                self.problems.append(
                    (self.place(n, TAKE), "is left out, and has a category; clear one of them")
                )
            return None
        if decision.take:
            taker = self.names.index(decision.take)
            if taker in unit.coders and unit.found[unit.coders.index(taker)] is not None:
                return unit.coders.index(taker)
            self.problems.append(
                (
                    self.place(n, TAKE),
                    f"{decision.take} has not found {self.name(n)}; take another's",
                )
            )
            return None
        first = next(coder for coder, one in enumerate(unit.found) if one is not None)
        n_found = sum(one is not None for one in unit.found)
        # A speaker whom one coder alone has found is there because a quote is.
        if UNIT in unit.differs and (unit.kind == "quote" or n_found > 1):
            self.problems.append(
                (self.place(n, TAKE), f"nothing taken of {self.name(n)}; choose whose")
            )
        return first

    def values(self, n: int) -> list[Label]:
        """The labels of a unit that is kept."""
        unit, decision = self.units[n], self.decisions.get(n, Decision())
        labels = []
        for variable, given in unit.labels.items():
            value = decision.values.get(variable, "")
            decided = bool(value)
            if not decided and variable in unit.differs:
                self.problems.append(
                    (
                        self.place(n, variable),
                        f"no {variable} of {self.name(n)} decided, and coders differ; choose one",
                    )
                )
                continue
            known = [label for label in given if label is not None]
            if not decided and known:
                value = known[0].value
            if value in ("", NO_LABEL):
                continue
            probabilities = {label.probability for label in known} or {1.0}
            if len(probabilities) > 1:
                self.problems.append(
                    (
                        self.place(n, variable),
                        f"{variable} of {self.name(n)} was drawn with probability "
                        f"{' and '.join(map(str, sorted(probabilities)))}; it is one for all "
                        "coders, so correct labels.jsonl",
                    )
                )
                continue
            labels.append(
                Label(
                    unit_id=self.name(n),
                    variable=variable,
                    value=value,
                    annotator=ADJUDICATED,
                    codebook=self.codebook.digest,
                    note=decision.reason if decided else "",
                    probability=probabilities.pop(),
                )
            )
        return labels

    def check_overlaps(self, chosen: Mapping[int, int | None]) -> None:
        """Quotes of several coders may overlap; those that are kept must not."""
        spans: dict[str, list[tuple[Span, int]]] = collections.defaultdict(list)
        for n, coder in chosen.items():
            record = None if coder is None else self.units[n].found[coder]
            if isinstance(record, Quote):
                spans[record.article_id] += [(span, n) for span in record.content]
        for of in spans.values():
            of.sort()
            for (before, one), (after, other) in itertools.pairwise(of):
                if after.start < before.end and one != other:
                    places = [self.place(n, TAKE) for n in (one, other)]
                    self.problems.append(
                        (
                            " and ".join(places),
                            f"{self.name(one)} and {self.name(other)} overlap as they are taken; "
                            "take another coder's, or leave one out",
                        )
                    )

    def ids(self, chosen: Mapping[int, int | None]) -> dict[int, str]:
        """Ids of the units that are kept: the coders' own, where these do not meet."""
        ids: dict[int, str] = {}
        taken: set[str] = set()
        kept = {n: coder for n, coder in sorted(chosen.items()) if coder is not None}
        # What all coders call alike keeps its name; ids of one coder come after.
        for n in sorted(kept, key=lambda n: (not self.is_alike(n), n)):
            unit = self.units[n]
            record = unit.found[kept[n]]
            name = record.id if record is not None else ""
            if name in taken:
                name = next_unit_id(unit.article.id, unit.kind[0], taken)
            taken.add(name)
            ids[n] = name
        return dict(sorted(ids.items()))

    def is_alike(self, n: int) -> bool:
        return len({one.id if one is not None else None for one in self.units[n].found}) == 1

    def name(self, n: int) -> str:
        unit = self.units[n]
        return f"{unit.kind} {next(one.id for one in unit.found if one is not None)!r}"

    def place(self, n: int, column: str) -> str:
        return self.decisions.get(n, Decision()).cells.get(column, f"{self.units[n].kind}s")

    def leave_out(self, n: int, reason: str) -> None:
        unit = self.units[n]
        self.left_out.append(
            Exclusion(
                item=self.name(n),
                reason=reason,
                stage="adjudication",
                article_id=unit.article.id,
            )
        )
