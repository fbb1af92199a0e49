"""Who judged what: every unit's category, from a label or a prediction, and how sure it is."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from framing.balance.coding import ADJUDICATED, latest_labels
from framing.balance.definitions import (
    IndexDefinition,
    index_definitions,
    quote_variable,
    speaker_variable,
)
from framing.codebook import Codebook, Variable
from framing.errors import DataError
from framing.figures import Mark, marks_of
from framing.records import Label, Prediction

__all__ = ["Coding", "Judgement"]


@dataclasses.dataclass(frozen=True, slots=True)
class Judgement:
    """What is known of one unit and one variable.

    Attributes:
        value: The category; "" when nobody judged.
        place: Its place in the codebook, from which its class and tones come; -1 for none.
        letter: Of its mark, or "".
        probability: The model's for that category; None for a label.
        basis: "label", "new", "out_of_fold", "training", "default" (there is nothing to judge)
            or "none".
        annotator: Who gave the label, or "".
    """

    value: str = ""
    place: int = -1
    letter: str = ""
    probability: float | None = None
    basis: str = "none"
    annotator: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Coding:
    """The codebook's questions with their marks and indices, and everybody's answers by unit.

    Attributes:
        stance: The variable of quotes that balance is measured on.
        role: The variable of speakers, or None where the codebook asks nothing of them.
        marks: How the categories of `stance` look.
        indices: Definitions of the indices by name.
        labels: Label that counts, by unit and variable.
        predictions: By unit and variable.
    """

    stance: Variable
    role: Variable | None
    marks: Mapping[str, Mark]
    indices: Mapping[str, IndexDefinition]
    labels: Mapping[tuple[str, str], Label]
    predictions: Mapping[tuple[str, str], Prediction]

    @classmethod
    def of(
        cls, codebook: Codebook, labels: Sequence[Label], predictions: Iterable[Prediction]
    ) -> "Coding":
        """Index the answers; of several labels the same one counts as in the indices.

        Raises:
            DataError: The codebook asks nothing of quotes, a label is not in it, or a unit has
                two predictions of one variable.
        """
        stance, role = quote_variable(codebook), speaker_variable(codebook)
        by_label: dict[tuple[str, str], Label] = {}
        for variable in (stance, role):
            if variable is None:
                continue
            units = {label.unit_id for label in labels}
            values = latest_labels(labels, variable, units, codebook, "report")
            for label in labels:
                key = (label.unit_id, label.variable)
                if label.variable != variable.name or values[label.unit_id] != label.value:
                    continue
                if key not in by_label or by_label[key].annotator != ADJUDICATED:
                    by_label[key] = label
        by_prediction: dict[tuple[str, str], Prediction] = {}
        for prediction in predictions:
            key = (prediction.unit_id, prediction.variable)
            if key in by_prediction:
                raise DataError(
                    f"report: prediction of {key[1]} for {key[0]!r} stands twice "
                    f"({by_prediction[key].model}, {prediction.model}); give those of one model"
                )
            by_prediction[key] = prediction
        marks, indices = marks_of(stance), index_definitions(codebook)
        return cls(stance, role, marks, indices, by_label, by_prediction)

    def role_of(self, speaker_id: str | None) -> Judgement:
        """The role of a speaker; the variable's default where there is none."""
        if self.role is None:
            return Judgement()
        if speaker_id is None:
            return _judged(self.role, self.role.default, "default", "")
        return self._judge(speaker_id, self.role)

    def stance_of(self, quote_id: str) -> Judgement:
        """The stance of a quote."""
        judged = self._judge(quote_id, self.stance)
        letter = self.marks[judged.value].letter if judged.value else ""
        return dataclasses.replace(judged, letter=letter)

    def _judge(self, unit_id: str, variable: Variable) -> Judgement:
        label = self.labels.get((unit_id, variable.name))
        if label is not None:
            return _judged(variable, label.value, "label", label.annotator)
        prediction = self.predictions.get((unit_id, variable.name))
        if prediction is None:
            return Judgement()
        judged = _judged(variable, prediction.value, prediction.basis, "")
        return dataclasses.replace(judged, probability=max(prediction.probabilities))


def _judged(variable: Variable, value: str, basis: str, annotator: str) -> Judgement:
    if not value:
        return Judgement()
    if value not in variable.names:
        raise DataError(
            f"report: {variable.name} {value!r} is not in the codebook; "
            f"it has: {', '.join(variable.names)}"
        )
    return Judgement(value, variable.names.index(value), "", None, basis, annotator)
