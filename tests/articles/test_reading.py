"""`framing.articles.reading`: any input to articles, and nothing lost without a reason."""

import datetime
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import framing
from framing.articles import iter_articles, read_articles
from framing.errors import DataError
from framing.records import Article, Exclusion

BODY = "The convoy left on Monday, the mayor said.\n\n“Nobody was hurt,” she told reporters."
FRENCH = "Le ministre a déclaré lundi que le convoi quitterait la ville avant la nuit. " * 3


def write(path: Path, content: str | bytes | list[dict[str, Any]]) -> Path:
    if isinstance(content, list):
        content = "".join(json.dumps(row) + "\n" for row in content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def reasons(items: tuple[Exclusion, ...]) -> dict[str, str]:
    return {Path(one.item).name: one.reason for one in items}


def test_every_kind_of_file_gives_the_same_article(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{one}</p>" for one in BODY.split("\n\n"))
    padding = "The road stayed closed until the evening, officials of the harbour said."
    body = f"{BODY}\n\n{padding}"
    fields = {"title": "Convoy leaves", "text": body, "date": "2021-03-04", "outlet": "Post"}
    front = "---\ntitle: Convoy leaves\ndate: 2021-03-04\noutlet: Post\n---\n"
    page = (
        '<html><head><meta property="og:site_name" content="Post"><meta name="date" '
        'content="2021-03-04"></head><body><article><h1>Convoy leaves</h1>'
        f"{paragraphs}<p>{padding}</p></article></body></html>"
    )
    files = [
        write(tmp_path / "a.md", front + body),
        write(tmp_path / "b.html", page),
        write(tmp_path / "c.jsonl", [fields]),
        write(tmp_path / "d.json", json.dumps(fields)),
        write(tmp_path / "e.json", json.dumps([fields])),
        write(tmp_path / "f.csv", "title,text,date,outlet\nConvoy leaves,"
              f'"{body}",2021-03-04,Post\n'),
        write(tmp_path / "g.tsv", 'title\ttext\tdate\toutlet\nConvoy leaves\t'
              f'"{body}"\t2021-03-04\tPost\n'),
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist([fields]), tmp_path / "h.parquet")
    found = [read_articles(file) for file in (*files, tmp_path / "h.parquet")]

    assert [one.exclusions for one in found] == [()] * 8
    assert [one.articles[0].id for one in found] == [
        "a", "b", "c-1", "d", "e-1", "f-1", "g-1", "h-1",
    ]  # fmt: skip
    for one in found:
        (article,) = one.articles
        assert article.text == body
        assert (article.title, article.outlet) == ("Convoy leaves", "Post")
        assert article.date == datetime.date(2021, 3, 4)
    plain = read_articles(write(tmp_path / "i.txt", f"Convoy leaves\n\n{body}")).articles[0]
    assert (plain.title, plain.text, plain.outlet, plain.date) == ("Convoy leaves", body, "", None)


def test_all_in_one_folder_the_copies_are_reported(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", BODY.replace("\n\n", "\n"))
    write(tmp_path / "b.txt", BODY.replace("\n\n", "\r\n") + "\n\n \n")
    write(tmp_path / "c.jsonl", [{"id": "a", "text": "Another text."}])
    reading = read_articles(tmp_path)

    assert [one.id for one in reading.articles] == ["a"]
    assert reasons(reading.exclusions) == {
        "b.txt": "the same text as article 'a', which is read once",
        "c.jsonl:1": f"a second article with the id 'a', first at {tmp_path}/a.txt; "
        "ids must differ",
    }
    assert [one.article_id for one in reading.exclusions] == ["b", "a"]


def test_one_text_in_two_outlets_is_two_articles(tmp_path: Path) -> None:
    rows = [{"id": i, "text": BODY, "outlet": o} for i, o in enumerate(("Post", "Star", "Post"))]
    file = write(tmp_path / "a.jsonl", [*rows, {"id": "9", "text": BODY}])
    reading = read_articles(file)

    assert [one.outlet for one in reading.articles] == ["Post", "Star"]
    assert reasons(reading.exclusions) == {
        "a.jsonl:3": "the same text as article '0', which is read once",
        "a.jsonl:4": "the same text as article '0', which is read once",
    }
    assert reading.notes == (
        f"{file}:2: article '1' of Star has the same text as '0' of Post; both are read",
    )
    backwards = read_articles(write(tmp_path / "b.jsonl", rows[::-1]))
    assert {one.outlet for one in backwards.articles} == {"Post", "Star"}


def test_what_cannot_be_used_is_excluded_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "a-empty.txt", "")
    write(tmp_path / "b-blank.txt", " \n\u200b\n")
    write(tmp_path / "c-nul.txt", b"text\0with a zero byte")
    write(tmp_path / "d-image.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    write(tmp_path / "e-huge.txt", b"word " * 1_200_000)
    write(tmp_path / "f-french.txt", FRENCH)
    write(tmp_path / "g-page.html", "<nav><a href='/'>Home</a></nav><script>x</script>")
    write(tmp_path / "h-table.csv", "id,body\n1,a\n")
    write(tmp_path / "i-header.csv", "id,text\n")
    write(tmp_path / "j-none.jsonl", "\n\n")
    write(tmp_path / "k-none.json", "[]")
    write(tmp_path / "l-broken.parquet", "PAR1")
    write(tmp_path / "m.doc", "x")
    write(tmp_path / "n-damaged.txt", ("“Nobody” was “hurt”" * 9).encode()[:-1])
    write(tmp_path / "o-huge-row.jsonl", [{"text": "word " * 1_200_000}])
    write(tmp_path / "z.txt", BODY)
    reading = read_articles(tmp_path)
    why = reasons(reading.exclusions)

    assert [one.id for one in reading.articles] == ["z"]
    assert {name: reason.split(":")[0] for name, reason in why.items()} == {
        "a-empty.txt": "empty",
        "b-blank.txt": "the text is empty",
        "c-nul.txt": "binary",
        "d-image.txt": "binary",
        "e-huge.txt": "the file has over 5,000,000 bytes; split it into its articles",
        "f-french.txt": "not English",
        "g-page.html": "no article found in this HTML page, only 1 words; save its text as .txt",
        "h-table.csv": "no column 'text'; found",
        "i-header.csv": "empty",
        "j-none.jsonl": "empty",
        "k-none.json": "empty",
        "l-broken.parquet": "cannot be read as Parquet",
        "m.doc": "files of type .doc are not read; accepted",
        "n-damaged.txt": "cannot be decoded",
        "o-huge-row.jsonl:1": "the text has 5,999,999 bytes, more than 5,000,000; split it into "
        "its articles",
    }
    assert {one.stage for one in reading.exclusions} == {"articles"}


def test_bad_rows_name_file_and_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    good = [json.dumps({"text": f"{BODY} {i}"}) for i in range(2)]
    bad = [
        "{", "[]", '{"text": 5}', '{"title": "no text"}', '{"text": "a", "date": "last week"}',
        '{"text": "a", "lang": "de", "id": "x7"}',
    ]  # fmt: skip
    write(file, "\n".join([good[0], *bad, good[1]]))
    reading = read_articles(file)

    assert [one.id for one in reading.articles] == ["a-1", "a-8"]
    assert [one.item for one in reading.exclusions] == [f"{file}:{n}" for n in range(2, 8)]
    assert [one.reason.split(";")[0] for one in reading.exclusions] == [
        "not JSON: Expecting property name enclosed in double quotes at character 2 of the line",
        "found '[]', but an article is a JSON object with at least the key 'text'",
        "key 'text' is 5",
        "key 'text' is missing",
        "date 'last week' is not a date",
        "lang is 'de'",
    ]
    assert reading.exclusions[-1].article_id == "x7"


def test_a_parquet_file_that_breaks_in_the_middle_keeps_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    rows = [{"text": f"{i} {BODY}"} for i in range(4000)]
    pq.write_table(pa.Table.from_pylist(rows), file, row_group_size=1000, compression="NONE")
    data = bytearray(file.read_bytes())
    middle = data.index(b"2000 The convoy")
    data[middle - 60 : middle - 10] = b"\xff" * 50
    write(file, bytes(data))
    reading = read_articles(file)

    ids = {one.id for one in reading.articles}
    assert ids > {f"a-{i}" for i in (*range(1, 1001), *range(3001, 4001))}
    assert "a-2001" not in ids
    # Every row that is not an article is named.
    pattern = r"rows (\d+) to (\d+) cannot be read as Parquet: "
    named = [re.match(pattern, one.reason) for one in reading.exclusions]
    n_lost = sum(int(one[2]) - int(one[1]) + 1 for one in named if one)
    assert len(ids) + n_lost == 4000
    assert named[0]
    assert reading.exclusions[0].item == f"{file} row {named[0][1]}"


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "UTF-8 with a byte order mark"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_encodings_are_told_and_named(tmp_path: Path, encoding: str, note: str) -> None:
    rows = [{"id": "1", "text": BODY}]
    lines = json.dumps(rows[0], ensure_ascii=False) + "\n"
    for file in (
        write(tmp_path / "a.txt", f"Convoy\n\n{BODY}".encode(encoding)),
        write(tmp_path / "a.md", f"# Convoy\n\n{BODY}".encode(encoding)),
        write(tmp_path / "a.jsonl", lines.encode(encoding)),
        write(tmp_path / "a.json", lines.encode(encoding)),
        write(tmp_path / "a.csv", f'id,text\n1,"{BODY}"\n'.encode(encoding)),
    ):
        reading = read_articles(file)

        assert reading.exclusions == ()
        assert reading.articles[0].text == BODY
        assert reading.notes == ((f"{file}: read as {note}",) if note else ())


def test_keys_left_out_are_noted_once(tmp_path: Path) -> None:
    rows = [{"text": f"{BODY} {i}", "tags": ["a"], "summary": "x" * 300} for i in range(3)]
    file = write(tmp_path / "a.jsonl", rows)

    assert read_articles(file).notes == tuple(
        f"{file}: key {key!r} is left out: no name, or no short single value"
        for key in ("tags", "summary")
    )


def test_inputs_carry_the_hash_of_every_file_opened(tmp_path: Path) -> None:
    one = write(tmp_path / "a.txt", BODY)
    two = write(tmp_path / "b.txt", "")
    write(tmp_path / "c.doc", "x")

    assert read_articles(tmp_path).inputs == {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in (one, two)
    }


def test_target_is_for_articles_without_one(tmp_path: Path) -> None:
    rows = [{"text": BODY, "target": "the siege"}, {"text": f"{BODY} 2"}]
    reading = read_articles(write(tmp_path / "a.jsonl", rows), target=" the\nceasefire ")

    assert [one.target for one in reading.articles] == ["the siege", "the ceasefire"]


def test_ids_do_not_depend_on_the_order_of_inputs(tmp_path: Path) -> None:
    files = [
        write(tmp_path / "x" / "1.txt", BODY),
        write(tmp_path / "y" / "1.txt", f"{BODY} 2"),
        write(tmp_path / "rows.jsonl", [{"text": f"{BODY} 3"}, {"text": f"{BODY} 4"}]),
    ]
    ids = {one.id: one.text for one in read_articles(files).articles}

    assert set(ids) == {"x/1.txt", "y/1.txt", "rows-1", "rows-2"}
    assert {one.id: one.text for one in read_articles(files[::-1]).articles} == ids
    assert {one.id: one.text for one in read_articles(tmp_path).articles} == ids


def test_what_does_not_exist_is_an_error_at_once(tmp_path: Path) -> None:
    for item in (tmp_path / "missing.txt", f"{tmp_path}/*.txt", tmp_path):
        with pytest.raises(DataError, match=r"no such file|no file matches|holds no files"):
            iter_articles(item)


def test_that_nothing_is_left_is_no_error(tmp_path: Path) -> None:
    reading = read_articles(write(tmp_path / "a.txt", ""))

    assert (reading.articles, len(reading.exclusions)) == ((), 1)


def test_a_file_that_goes_away_or_is_closed_is_excluded(tmp_path: Path) -> None:
    gone, stays = write(tmp_path / "a.txt", BODY), write(tmp_path / "b.txt", f"{BODY} 2")
    stream = iter_articles([gone, stays])
    gone.unlink()

    first, second = stream
    assert isinstance(first, Exclusion)
    assert first.reason == "cannot be read: No such file or directory"
    assert isinstance(second, Article)


def test_the_stream_is_lazy_and_can_be_read_again(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{i}.txt", f"{BODY} {i}".encode("utf-16")) for i in range(3)]
    stream = iter_articles(tmp_path)
    one = next(iter(stream))

    assert isinstance(one, Article)
    assert list(stream.inputs) == [str(files[0])]
    assert len(list(stream)) == len(list(stream)) == len(stream.inputs) == len(stream.notes) == 3


def test_progress_is_told_in_bytes_and_never_goes_back(tmp_path: Path) -> None:
    rows = write(tmp_path / "a.jsonl", [{"text": f"{BODY} {i}"} for i in range(500)])
    plain = write(tmp_path / "b.txt", BODY)
    seen: list[tuple[int, int]] = []
    read_articles(tmp_path, progress=lambda done, total: seen.append((done, total)))
    total = rows.stat().st_size + plain.stat().st_size

    assert len(seen) == 501
    assert seen == sorted(seen)
    assert {one for _, one in seen} == {total}
    assert seen[-1] == (total, total)


@pytest.mark.parametrize(
    ("data", "ids", "title"),
    [
        (f"Convoy leaves\n\n{BODY}".encode(), ["stdin"], "Convoy leaves"),
        (b'{"text": "The convoy left.", "title": "Convoy leaves"}\n', ["stdin-1"], "Convoy leaves"),
        ('\ufeff\n {"text": "The convoy left."}\n{"id": "b", "text": "It is back."}'.encode(),
         ["stdin-2", "b"], ""),
        ('{"text": "The convoy left."}'.encode("utf-16"), ["stdin-1"], ""),
        ('{"text": "“The convoy left.”"}'.encode("cp1252"), ["stdin-1"], ""),
    ],
)  # fmt: skip
def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, data: bytes, ids: list[str], title: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    reading = read_articles("-")

    assert reading.exclusions == ()
    assert [one.id for one in reading.articles] == ids
    assert reading.articles[0].title == title
    assert reading.inputs == {"-": hashlib.sha256(data).hexdigest()}


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty: "), (b"\n ", "empty: "), (b"text\0text", "binary: "), (b"{", "not JSON: "),
     (b"word " * 1_200_000, "the file has over 5,000,000 bytes")],
)  # fmt: skip
def test_standard_input_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, data: bytes, reason: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    reading = read_articles("-")

    assert reading.articles == ()
    (excluded,) = reading.exclusions
    assert excluded.item in ("-", "-:1")
    assert excluded.reason.startswith(reason)


def test_a_written_article_is_read_back(tmp_path: Path) -> None:
    article = Article(id="a b", text=BODY, title="T", date=datetime.date(2021, 3, 4), url="u",
                      outlet="Post", target="the siege", group={"lean": "left"})  # fmt: skip
    framing.write_jsonl(tmp_path / "articles.jsonl", [article])

    assert read_articles(tmp_path / "articles.jsonl").articles == (article,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.encode),
        st.text("ab “”'\"\n\r\t#*_[]()<>&{}:,;\\/-=|\0\x85\u2028", max_size=80).map(str.encode),
    ),
    suffix=st.sampled_from(
        ["txt", "md", "html", "jsonl", "json", "csv", "tsv", "parquet"],
    ),
)
def test_any_bytes_in_any_file_are_articles_or_reasons(
    tmp_path: Path, data: bytes, suffix: str
) -> None:
    reading = read_articles(write(tmp_path / f"a.{suffix}", data))

    assert reading.articles or reading.exclusions
    assert all(one.reason and one.item.encode() for one in reading.exclusions)
    for article in reading.articles:
        assert framing.articles.canonical_text(article.text) == article.text


def test_reading_plain_files_loads_no_heavy_library(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", BODY)
    code = (
        "import sys, framing\n"
        f"assert len(framing.read_articles({str(file)!r}).articles) == 1\n"
        "heavy = {'trafilatura', 'lxml', 'pyarrow', 'pandas', 'torch', 'charset_normalizer'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.returncode == 0


def _shared() -> Path:
    folder = Path(os.environ.get("FRAMING_CORPORA", Path(__file__).parents[2] / ".." / "shared"))
    if not (folder / "corpora").is_dir():
        pytest.skip(f"no folder {folder / 'corpora'}")
    return folder


@pytest.mark.corpora
def test_the_seeds_have_titles_and_paragraphs() -> None:
    reading = read_articles(f"{_shared()}/seeds/*.txt")

    assert len(reading.articles) == 2
    assert not reading.exclusions
    assert not reading.notes
    for article in reading.articles:
        assert 10 < len(article.title.split()) < 30
        assert article.text.count("\n\n") > 5


@pytest.mark.corpora
def test_article_objects_as_they_are_distributed() -> None:
    folder = _shared() / "corpora" / "article-bias-prediction" / "jsons"
    reading = read_articles(sorted(folder.glob("*.json"))[:200])

    assert len(reading.articles) + len(reading.exclusions) == 200
    assert {one.reason.split("'")[0] for one in reading.exclusions} <= {"the same text as article "}
    for article in reading.articles:
        assert article.title
        assert set(article.group) >= {"source", "topic", "bias_text"}
        assert max(map(len, article.group.values())) <= 200
