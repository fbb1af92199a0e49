"""`framing.articles.rows`: a bad row costs itself, and says where it stands."""

import contextlib
import csv
import datetime
import io
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.articles.rows import (
    Row,
    read_csv_rows,
    read_json_rows,
    read_jsonl_rows,
    read_parquet_rows,
)
from framing.errors import DataError

Outline = list[tuple[str, int, Any]]


def outline(rows: Iterable[Row]) -> Outline:
    """Place, number, and the fields or the problem."""
    return [(row.where, row.number, row.problem or row.fields) for row in rows]


def jsonl(data: bytes | str, encoding: str = "utf-8") -> Outline:
    data = data.encode() if isinstance(data, str) else data
    return outline(read_jsonl_rows(io.BytesIO(data), len(data), encoding))


def json_file(data: str) -> Outline:
    return outline(read_json_rows(io.BytesIO(data.encode()), "utf-8"))


def csv_file(data: bytes | str, *, tabs: bool = False, encoding: str = "utf-8") -> Outline:
    data = data.encode() if isinstance(data, str) else data
    return outline(read_csv_rows(io.BytesIO(data), len(data), encoding, tabs=tabs))


def parquet(table: pa.Table) -> Outline:
    file = io.BytesIO()
    pq.write_table(table, file)
    file.seek(0)
    return outline(read_parquet_rows(file))


# JSON Lines ---------------------------------------------------------------------------------


def test_jsonl_counts_lines_blank_ones_too() -> None:
    assert jsonl('{"text": "a"}\n\n{"text": "b"}\r\n{"text": "c"}') == [
        (":1", 1, {"text": "a"}),
        (":3", 3, {"text": "b"}),
        (":4", 4, {"text": "c"}),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"text": "a" "b"}', "not JSON: Expecting ',' delimiter at character 14 of the line; "
         "accepted: one JSON object a line"),
        ("text", "not JSON: Expecting value"),
        ("[" * 100_000, "not JSON: "),
        ('{"text": ' + "9" * 5000 + "}", "not JSON: Exceeds the limit"),
        ("[1, 2]", "found '[1, 2]', but an article is a JSON object with at least the key 'text'"),
        ('"' + "a" * 100 + '"', f"found '\"{'a' * 56}...', but an article is a JSON object"),
        ("null", "found 'null', but"),
        ('{"text": "a", "text": "b"}', "key 'text' is given twice; keep one of them"),
        ('{"text": "a", "group": {"x": "1", "x": "2"}}', "key 'x' is given twice"),
    ],
)  # fmt: skip
def test_jsonl_a_bad_line_costs_itself(line: str, problem: str) -> None:
    found = jsonl(f'{{"text": "a"}}\n{line}\n{{"text": "b"}}\n')

    assert [row[:2] for row in found] == [(":1", 1), (":2", 2), (":3", 3)]
    assert str(found[1][2]).startswith(problem)
    assert found[2][2] == {"text": "b"}


def test_jsonl_bytes_that_do_not_fit_cost_their_line() -> None:
    assert jsonl(b'{"text": "caf\xe9"}\n{"text": "ok"}') == [
        (":1", 1, "cannot be decoded: it holds bytes that are not utf-8; save the file as UTF-8"),
        (":2", 2, {"text": "ok"}),
    ]


def test_jsonl_half_of_a_surrogate_pair_is_json() -> None:
    assert jsonl(r'{"text": "a \ud83d b"}') == [(":1", 1, {"text": "a \ud83d b"})]


def test_jsonl_line_ends_inside_a_text_are_no_line_ends() -> None:
    # U+2028 and U+0085 stand unescaped in valid JSON.
    assert jsonl('{"text": "a\u2028b\x85c"}\n') == [(":1", 1, {"text": "a\u2028b\x85c"})]


def test_jsonl_an_endless_line_is_refused_and_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framing.articles.rows._MAX_LINE", 50)
    found = jsonl('{"text": "' + "a" * 200 + '"}\n{"text": "b"}\n')

    assert found == [
        (":1", 1, "the line has over 50 characters"),
        (":2", 2, {"text": "b"}),
    ]


def test_share_read_ends_at_one() -> None:
    data = b'{"text": "a"}\n' * 5000
    shares = [row.done for row in read_jsonl_rows(io.BytesIO(data), len(data), "utf-8")]

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert shares[0] < 0.5


# JSON ---------------------------------------------------------------------------------------


def test_json_one_object_has_no_number() -> None:
    assert json_file(' {"text": "a"}\n') == [("", 0, {"text": "a"})]


@pytest.mark.parametrize(
    "data",
    ['[{"text": "a"}, {"text": "b"}]', '{"text": "a"}\n{"text": "b"}', '{"text":"a"}{"text":"b"}',
     '\ufeff [\n{"text": "a"}\n,\n{"text": "b"}\n]\n'],
)  # fmt: skip
def test_json_lists_and_sequences(data: str) -> None:
    assert json_file(data) == [(" item 1", 1, {"text": "a"}), (" item 2", 2, {"text": "b"})]


@pytest.mark.parametrize(
    ("data", "where", "problem"),
    [
        ('[{"text": "a"},\n{"text": }]', ":2", "not JSON from here on, nothing after it is read: "
         "Expecting value"),
        ('[{"text": "a"}\n{"text": "b"}]', ":2", "not JSON from here on, nothing after it is read: "
         "a comma or the end of the list is missing"),
        ('[{"text": "a"},', ":1", "not JSON from here on, nothing after it is read: "
         "the list does not end: is the file cut off?"),
        ('[{"text": "a"}', ":1", "not JSON from here on"),
        ('[{"text": "a"}]\n[]', ":2", "not JSON from here on, nothing after it is read: "
         "something follows the list"),
        ('[{"text": "a"},\n' + "[" * 100_000, ":2", "not JSON from here on"),
    ],
)  # fmt: skip
def test_json_what_is_read_before_an_error_stays(data: str, where: str, problem: str) -> None:
    found = json_file(data)

    assert found[0] == (" item 1", 1, {"text": "a"})
    assert found[1][:2] == (where, 2)
    assert found[1][2].startswith(problem)
    assert len(found) == 2


def test_json_wrong_items_cost_themselves() -> None:
    found = json_file('[1, {"text": "a"}, {"text": "a", "text": "b"}]')

    assert [row[2] for row in found] == [
        "found '1', but an article is a JSON object with at least the key 'text'",
        {"text": "a"},
        "key 'text' is given twice; keep one of them",
    ]
    assert json_file("[]") == json_file(" ") == []


# CSV ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiter_is_told_by_the_text_column(delimiter: str) -> None:
    for mark in ("", '"'):  # R puts every name in marks
        data = f"{mark}id{mark}{delimiter}{mark}Text{mark}\n1{delimiter}a b\n"

        assert csv_file(data) == [(":2", 1, {"id": "1", "Text": "a b"})]


def test_csv_lines_of_rows_after_line_breaks_inside_cells() -> None:
    data = 'id,text\r\n1,"one\r\n\r\ntwo, ""three"""\r\n\r\n2,b\r\n'

    assert csv_file(data) == [
        (":2", 1, {"id": "1", "text": 'one\r\n\r\ntwo, "three"'}),
        (":6", 2, {"id": "2", "text": "b"}),
    ]


def test_csv_excel_opening_and_tabs() -> None:
    assert csv_file("sep=;\nid;text\n1;a\n") == [(":3", 1, {"id": "1", "text": "a"})]
    assert csv_file("id,x\ttext\n1\ta,b\n", tabs=True) == [(":2", 1, {"id,x": "1", "text": "a,b"})]


def test_csv_a_text_of_another_name_is_a_text_column() -> None:
    assert csv_file("id;content\n1;a, b\n") == [(":2", 1, {"id": "1", "content": "a, b"})]


def test_csv_a_bad_row_costs_itself() -> None:
    data = b'id,text\n1\n2,a,b\n3,caf\xe9\n4,nul\0\n5,"a"b\n6,ok\n'
    found = csv_file(data)

    assert [row[:2] for row in found] == [(f":{n + 1}", n) for n in range(1, 7)]
    cells = "for 2 columns; put cells that hold the delimiter or quotation marks in quotation marks"
    assert [row[2] for row in found] == [
        f"1 cells {cells}",
        f"3 cells {cells}",
        "cannot be decoded: it holds bytes that are not utf-8; save the file as UTF-8",
        "binary: it holds a NUL byte; text is accepted",
        "broken quotation (',' expected after '\"'); check this row and the next",
        {"id": "6", "text": "ok"},
    ]


def test_csv_a_quotation_that_never_ends_names_the_lines_it_swallowed() -> None:
    found = csv_file('id,text\n1,a\n2,"b\n3,c\n4,d\n')

    assert found[0] == (":2", 1, {"id": "1", "text": "a"})
    assert found[1][:2] == (":3", 2)
    assert found[1][2].startswith("lines 3 to 5: broken quotation")
    assert len(found) == 2


def test_csv_a_field_of_six_megabytes_is_read() -> None:
    # The csv module alone refuses fields over 131,072 characters; what is too much for an
    # article is judged there.
    found = csv_file('id,text\n1,"' + "word " * 1_200_000 + '"\n2,b\n')

    assert [len(row[2]["text"]) for row in found] == [6_000_000, 1]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", r"no column 'text'; found: none; accepted: id, title, text,"),
        ("id,body\n1,a\n", r"no column 'text'; found: id, body; accepted:"),
        ("a story about text\n\nand more\n", "no column 'text'"),
        ("text,x,x\n", "column 'x' is there twice; rename one of them"),
        ('"text,x\n', "the header cannot be read: unexpected end of data"),
    ],
)
def test_csv_header_that_cannot_be_used(data: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        csv_file(data)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_csv_in_other_encodings(encoding: str) -> None:
    assert csv_file("id,text\n1,“no” – é\n".encode(encoding), encoding=encoding) == [
        (":2", 1, {"id": "1", "text": "“no” – é"})
    ]


_CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(deadline=None)
@given(st.lists(st.tuples(_CELLS, _CELLS)))
def test_csv_and_jsonl_give_back_what_python_writes(rows: list[tuple[str, str]]) -> None:
    table = io.StringIO(newline="")
    csv.writer(table, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *rows])
    lines = "".join(json.dumps(dict(zip(("id", "text"), row, strict=True))) + "\n" for row in rows)
    expected = [{"id": one, "text": two} for one, two in rows]

    assert [row[2] for row in csv_file(table.getvalue())] == expected
    assert [row[2] for row in jsonl(lines)] == expected


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_rows_or_a_reason(data: bytes) -> None:
    for encoding in ("utf-8", "utf-16", "cp1252"):
        header = "text,a\n".encode(encoding)
        for rows in (
            read_jsonl_rows(io.BytesIO(data), len(data), encoding),
            read_csv_rows(io.BytesIO(header + data), len(data), encoding, tabs=False),
            read_json_rows(io.BytesIO(data), encoding),
            read_parquet_rows(io.BytesIO(data)),
        ):
            # The two errors that `reading` turns into a reason.
            with contextlib.suppress(DataError, UnicodeError):
                assert all(row.problem or row.fields for row in rows)


# Parquet ------------------------------------------------------------------------------------


def test_parquet_types_and_the_index_of_pandas() -> None:
    table = pa.table(
        {
            "text": pa.array(["a", None]).dictionary_encode(),
            "id": pa.array([1.0, 2.0]),
            "date": pa.array(
                [datetime.datetime(2021, 3, 4, tzinfo=datetime.UTC), None], pa.timestamp("ns")
            ),
            "group": pa.array([{"lean": "left"}, None]),
            "__index_level_0__": [7, 8],
        }
    )
    (one, two) = parquet(table)

    assert one[:2] == (" row 1", 1)
    assert one[2]["date"].date() == datetime.date(2021, 3, 4)
    assert {key: one[2][key] for key in ("text", "id", "group")} == {
        "text": "a", "id": 1.0, "group": {"lean": "left"},
    }  # fmt: skip
    assert two == (" row 2", 2, {"text": None, "id": 2.0, "date": None, "group": None})


def test_parquet_wrong_types_are_left_to_the_fields() -> None:
    table = pa.table({"text": [b"\xff", b"a"], "price": [Decimal("1.5"), None]})

    assert [row[2]["text"] for row in parquet(table)] == [b"\xff", b"a"]


def test_parquet_a_value_beyond_python_costs_its_row() -> None:
    # Day 10,000,000 is in the year 29,349; Python's dates end in 9999.
    table = pa.table({"text": ["a", "b", "c"], "date": pa.array([0, 10**7, 1], pa.date32())})
    found = parquet(table)

    assert found[0][2] == {"text": "a", "date": datetime.date(1970, 1, 1)}
    assert found[1][:2] == (" row 2", 2)
    assert found[1][2].startswith("a value cannot be read: ")
    assert found[2][2] == {"text": "c", "date": datetime.date(1970, 1, 2)}


def test_parquet_broken_text_costs_its_row() -> None:
    offsets = pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0")
    broken = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"\xffb"))
    found = parquet(pa.table({"text": broken}))

    assert found[0][2].startswith("a value cannot be read: 'utf-8' codec can't decode byte 0xff")
    assert found[1][2] == {"text": "b"}


def test_parquet_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column 'text'; found: body; accepted:"):
        parquet(pa.table({"body": ["a"]}))
    with pytest.raises(DataError, match="cannot be read as Parquet: "):
        outline(read_parquet_rows(io.BytesIO(b"PAR1 and then something else PAR1")))
    file = tmp_path / "cut.parquet"
    pq.write_table(pa.table({"text": ["word " * 100] * 500}), file)
    with pytest.raises(DataError, match=r"cannot be read as Parquet: .*footer"):
        outline(read_parquet_rows(io.BytesIO(file.read_bytes()[:-20])))
    assert parquet(pa.table({"text": pa.array([], pa.string())})) == []
