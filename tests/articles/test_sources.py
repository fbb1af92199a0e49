"""`framing.articles.sources`: which files, in which order, called what."""

import os
import socket
from pathlib import Path

import pytest

from framing.articles.sources import SUFFIXES, Source, find_sources
from framing.errors import DataError
from framing.records import Exclusion


def write(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return paths


def stems(found: list[Source | Exclusion]) -> list[str]:
    return [item.stem for item in found if isinstance(item, Source)]


def reasons(found: list[Source | Exclusion]) -> dict[str, str]:
    return {item.item: item.reason for item in found if isinstance(item, Exclusion)}


def test_a_file_is_named_as_given_with_kind_and_size(tmp_path: Path) -> None:
    (path,) = write(tmp_path, "Convoy leaves.TXT")

    assert find_sources(path) == [
        Source(path=path, name=str(path), kind="txt", stem="Convoy leaves", size=1)
    ]


def test_folders_are_read_with_subfolders_sorted_without_hidden_ones(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/z.md", "a/b/c.html", ".git/x.txt", "a/.DS_Store", "a/.x.txt")

    assert stems(find_sources(tmp_path)) == ["c", "z", "b"]


def test_inputs_keep_their_order_and_a_file_is_read_once(tmp_path: Path) -> None:
    a, b = write(tmp_path, "a.txt", "b.txt")
    (tmp_path / "link.txt").symlink_to(a)
    found = find_sources([b, str(tmp_path)])

    assert stems(found) == ["b", "a"]
    assert reasons(found) == {
        str(b): f"the same file as {b}, which is read once",
        str(tmp_path / "link.txt"): f"the same file as {a}, which is read once",
    }


def test_globs(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a.txt", "c.md", "in/d.txt", "[1].txt")

    assert stems(find_sources(f"{tmp_path}/*.txt")) == ["[1]", "a", "b"]
    assert stems(find_sources(f"{tmp_path}/**/*.txt")) == ["[1]", "a", "b", "d"]
    assert stems(find_sources(f"{tmp_path}/i*")) == ["d"]
    assert stems(find_sources(f"{tmp_path}/**")) == ["[1]", "a", "b", "c", "d"]
    # A file of that very name goes before the glob.
    assert stems(find_sources(tmp_path / "[1].txt")) == ["[1]"]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("missing.txt", "missing.txt: no such file or folder; give a path that exists, or a glob"),
        ("missing/", "no such file or folder"),
        ("*.txt", "no file matches this glob; check the path and the quoting"),
        ("emp*", "no file matches this glob"),
        ("empty", "empty: the folder holds no files; give one with articles"),
        ("nul\0byte", "no such file or folder"),
        ("x" * 5000, "no such file or folder"),
        ("~nobody-of-this-name/a", "no such file or folder"),
        ("", "an input is empty"),
        (" ", "an input is empty"),
    ],
)
def test_inputs_that_are_nothing_are_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, item: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty" / "nested" / "deeper").mkdir(parents=True)
    (tmp_path / "empty" / ".hidden").touch()

    with pytest.raises(DataError) as caught:
        find_sources(item)

    assert message in str(caught.value)


def test_no_input_is_an_error() -> None:
    with pytest.raises(DataError, match="no input; give files, folders, globs, or -"):
        find_sources([])


def test_what_cannot_be_read_is_listed_in_its_place(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.docx", "c", "z.txt")
    (tmp_path / "d.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "e.txt").symlink_to("e.txt")
    os.mkfifo(tmp_path / "f.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "g.txt"))
    found = find_sources(tmp_path)
    names = [Path(item.name if isinstance(item, Source) else item.item).name for item in found]
    why = {Path(item).name: reason for item, reason in reasons(found).items()}

    assert names == ["a.txt", "b.docx", "c", "d.txt", "e.txt", "f.txt", "g.txt", "z.txt"]
    assert why == {
        "b.docx": f"files of type .docx are not read; accepted: {', '.join(SUFFIXES)}",
        "c": f"files of type (none) are not read; accepted: {', '.join(SUFFIXES)}",
        "d.txt": "a link that leads nowhere: cannot be opened: No such file or directory",
        "e.txt": "a link that leads nowhere: cannot be opened: Too many levels of symbolic links",
        "f.txt": "neither a file nor a folder",
        "g.txt": "neither a file nor a folder",
    }
    assert {item.stage for item in found if isinstance(item, Exclusion)} == {"articles"}


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    write(tmp_path, "in/a.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    found = find_sources(tmp_path)

    assert stems(found) == ["a"]
    assert reasons(found) == {
        str(tmp_path / "in" / "loop"): "a link to a folder is not followed; "
        "give that folder as an input"
    }
    # Given as an input, it is.
    assert stems(find_sources(tmp_path / "in" / "loop")) == ["a"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every folder")
def test_a_closed_folder_is_listed(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "shut/b.txt")
    (tmp_path / "shut").chmod(0)
    found = find_sources(tmp_path)
    (tmp_path / "shut").chmod(0o700)

    assert stems(found) == ["a"]
    assert "the folder cannot be opened" in reasons(found)[str(tmp_path / "shut")]


def test_stems_take_as_much_of_the_path_as_tells_them_apart(tmp_path: Path) -> None:
    write(tmp_path, "x/1.txt", "x/1.md", "y/1.md", "y/2.txt")

    assert stems(find_sources(tmp_path)) == ["x/1.md", "1.txt", "y/1.md", "2"]


def test_stems_depend_neither_on_order_nor_on_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write(tmp_path, "x/1.txt", "y/1.txt", "y/2.txt")
    monkeypatch.chdir(tmp_path)
    relative = find_sources(["y/2.txt", "y/1.txt", "x/1.txt"])

    assert stems(relative) == ["2", "y/1.txt", "x/1.txt"]
    assert stems(find_sources(paths)) == ["x/1.txt", "y/1.txt", "2"]


def test_odd_names_become_text(tmp_path: Path) -> None:
    broken = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    try:
        broken.write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    write(tmp_path, "two\nlines .txt", "\u200b.txt")

    found = find_sources(tmp_path)

    assert sorted(stems(found)) == ["article", "caf\N{REPLACEMENT CHARACTER}", "two lines"]
    assert all(item.name.encode() for item in found if isinstance(item, Source))


def test_standard_input_is_read_once() -> None:
    found = find_sources(["-", "-"])

    assert found[0] == Source(path=None, name="-", kind="stdin", stem="stdin", size=0)
    assert reasons(found) == {"-": "the same file as -, which is read once"}
