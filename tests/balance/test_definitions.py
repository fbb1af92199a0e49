import dataclasses

import pytest

from framing.balance import index_definitions
from framing.errors import DataError
from tests.balance.invented import CODEBOOK, TONE


def test_shipped_codebook_gives_the_documented_indices() -> None:
    definitions = index_definitions(CODEBOOK)
    assert list(definitions)[:9] == [
        "share_supportive",
        "share_critical",
        "share_humanitarian",
        "share_neutral",
        "tilt",
        "imbalance",
        "evenness",
        "evenness_corrected",
        "effective_number",
    ]
    assert {"role_share_armed_group", "share_officials", "share_named"} <= set(definitions)
    assert definitions["share_officials"].formula == "sum of the shares of government, military"
    assert definitions["tilt"].formula == "(S - C) / (S + C) with S = supportive, C = critical"
    assert "r = f + u + humanitarian + neutral" in definitions["imbalance"].formula
    assert definitions["effective_number"].high == 4
    assert definitions["evenness_corrected"].weights == ("quote",)


def test_without_poles_there_is_no_tilt() -> None:
    (tone,) = TONE.variables
    tone = dataclasses.replace(tone, positive="", negative="")
    names = set(index_definitions(dataclasses.replace(TONE, variables=(tone,))))
    assert "evenness" in names
    assert not names & {"tilt", "imbalance"}


def test_clashing_names_are_refused() -> None:
    role = dataclasses.replace(CODEBOOK.variable("role"), aggregates=(("critical", ("media",)),))
    codebook = dataclasses.replace(CODEBOOK, variables=(role, CODEBOOK.variable("stance")))
    with pytest.raises(DataError, match="two indices would be called 'share_critical'; give the"):
        index_definitions(codebook)


def test_a_codebook_about_speakers_only_is_refused() -> None:
    codebook = dataclasses.replace(CODEBOOK, variables=(CODEBOOK.variable("role"),))
    with pytest.raises(DataError, match="no variable has the unit 'quote'"):
        index_definitions(codebook)
