"""Tables hold the numbers of the records, and undefined is an empty cell."""

import csv
import dataclasses
from pathlib import Path

import pandas as pd

from framing.report import ModelNote, write_report
from tests.report.sample_run import SampleRun


def test_the_csv_has_the_columns_of_the_contract_and_every_digit(
    run: SampleRun, report: Path
) -> None:
    with (report / "balance.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "article_id", "index", "weight", "value", "low", "high", "level", "naive", "n",
        "excluded_reason", "as_found", "missed_none", "missed_all",
    ]  # fmt: skip
    values = [value for balance in run.balances for value in balance.values]
    assert len(rows) == len(values)
    for row, value in zip(rows, values, strict=True):
        assert (row["article_id"], row["index"], row["weight"]) == (
            value.article_id, value.index, value.weight,
        )  # fmt: skip
        for column in ("value", "low", "high", "naive", "as_found", "missed_none", "missed_all"):
            number = getattr(value, column)
            assert row[column] == "" if number is None else float(row[column]) == number
        assert int(row["n"]) == value.n
        assert bool(row["excluded_reason"]) == (value.value is None)


def test_undefined_is_read_as_missing_and_not_as_zero(report: Path) -> None:
    table = pd.read_csv(report / "balance.csv")
    refused = table[table.article_id == "ansel-05"]  # no quote at all
    assert refused["value"].isna().all()
    assert refused["low"].isna().all()
    assert refused["excluded_reason"].notna().all()


def test_latex_has_shares_in_percent_and_no_bare_special_character(
    run: SampleRun, tmp_path: Path
) -> None:
    run = dataclasses.replace(run, articles=run.articles[:5], balances=run.balances[:5])
    run = dataclasses.replace(
        run, extractions={article.id: run.extractions[article.id] for article in run.articles}
    )
    note = ModelNote(
        name="a_b & 50% #1", variable="stance", trained_on="It.", scores=(("F_1", 0.5, None, None),)
    )
    write_report(tmp_path, **{**run.arguments(), "models": (note,)})
    scores = (tmp_path / "tables" / "models.tex").read_text(encoding="utf-8")
    assert r"a\_b \& 50\% \#1 & stance & F\_1 & 0.50 &" in scores
    table = (tmp_path / "tables" / "balance.tex").read_text(encoding="utf-8")
    values = {
        value.index: value
        for value in run.balances[0].values
        if value.weight == "quote" and value.value is not None
    }
    share = values["share_supportive"]
    assert share.value is not None
    assert share.low is not None
    assert share.high is not None
    shown = f"{100 * share.value:.0f} [{100 * share.low:.0f}--{100 * share.high:.0f}]"
    assert f"ansel-01 & 12 & {shown} &" in table
    assert "ansel-05 & 0 & -- & -- & -- & -- & --" in table
    assert r"90~\% predictive intervals" in table


def test_an_id_with_latex_in_it_is_escaped(run: SampleRun, tmp_path: Path) -> None:
    article = dataclasses.replace(run.articles[4], id=r"\input{x}_$1")
    balance = dataclasses.replace(run.balances[4], article_id=article.id, values=())
    write_report(
        tmp_path, articles=[article], extractions={}, predictions=[], labels=[],
        balances=[balance], exclusions=[], codebook=run.codebook,
    )  # fmt: skip
    table = (tmp_path / "tables" / "balance.tex").read_text(encoding="utf-8")
    assert r"\textbackslash input\{x\}\_\$1 & 0" in table
