"""What a project of Label Studio gives back: its tasks as marked texts."""

from collections.abc import Mapping
from typing import Any

from framing.codebook import Codebook
from framing.dataset.exchange.article_match import match_article
from framing.dataset.exchange.coded_corpus import CodedCorpus
from framing.dataset.exchange.label_studio_result import expect, read_result
from framing.dataset.exchange.marked_texts import MarkedText
from framing.errors import DataError

__all__ = ["left_out", "read_answers"]


def read_answers(
    tasks: Any, *, where: str, source: CodedCorpus, codebook: Codebook, coder: str
) -> list[MarkedText]:
    """Read the tasks of one coder's project.

    An article without annotation is as it was given out, without categories. One that the coder
    skipped, or changed without submitting (a draft), is left out.

    Args:
        tasks: The JSON of the project.
        where: File, for messages.
        source: The data that were exported.
        codebook: That they were exported under.
        coder: Who codes in this project, or "".

    Raises:
        DataError: It is no such JSON; an article is not one of `source` or has another text; it
            was made for another coder or codebook; several people worked in it; a region does
            not cover the words that it says.
    """
    texts: list[MarkedText] = []
    seen: dict[str, str] = {}
    people: dict[str, str] = {}
    for n, task in enumerate(expect(tasks, list, where, "the file"), start=1):
        place = f"{where}: task {n}"
        data = expect(expect(task, dict, place, "it").get("data"), dict, place, "data")
        if "framing" not in data:
            raise DataError(
                f"{place}: its data hold nothing of framing; give a project that was made from "
                "framing export"
            )
        ours = expect(data["framing"], dict, place, "data.framing")
        name = expect(ours.get("article_id"), str, place, "data.framing.article_id")
        place = f"{place} (article {name!r})"
        if name in seen:
            raise DataError(f"{place}: stands before as {seen[name]}; remove one of them")
        seen[name] = f"task {n}"
        document = match_article(
            source,
            name,
            where=place,
            text=expect(data.get("text"), str, place, "data.text"),
            sha256=expect(ours.get("sha256"), str, place, "data.framing.sha256"),
        )
        _check_origin(ours, place, codebook, coder)
        _check_predictions(task, place)
        if left_out(task, place):
            continue
        answer = _answer(task, place, people)
        marks, links = read_result(
            ours.get("result") if answer is None else answer,
            records=expect(ours.get("records"), dict, place, "data.framing.records"),
            text=document.article.text,
            where=place,
            with_labels=answer is not None,
        )
        texts.append(MarkedText(where=place, document=document, marks=marks, links=links))
    if len(people) > 1:
        raise DataError(
            f"{where}: several people have coded in this project: "
            f"{', '.join(f'{who} ({place})' for who, place in people.items())}; one project is of "
            "one coder, so delete the annotations of the others"
        )
    return texts


def left_out(task: Mapping[str, Any], where: str) -> str:
    """Why a task counts as not coded though the coder was at it: a draft, or skipped; else ""."""
    if expect(task.get("drafts", []), list, where, "drafts"):
        return "was changed and not submitted"
    annotations = expect(task.get("annotations", []), list, where, "annotations")
    cancelled = [
        expect(one, dict, where, "an annotation").get("was_cancelled") is True
        for one in annotations
    ]
    return "was skipped by the coder" if cancelled and all(cancelled) else ""


def _check_origin(ours: Mapping[str, Any], where: str, codebook: Codebook, coder: str) -> None:
    exported = expect(ours.get("coder"), str, where, "data.framing.coder")
    if exported and coder and exported != coder:
        raise DataError(
            f"{where}: was given out to {exported!r}, and was to be read as of {coder!r}; give the "
            "project of that coder"
        )
    digest = expect(ours.get("codebook"), str, where, "data.framing.codebook")
    if digest != codebook.digest:
        raise DataError(
            f"{where}: was given out under codebook {digest}, not under {codebook.name!r} "
            f"({codebook.digest}); give the other with --codebook"
        )


def _check_predictions(task: Mapping[str, Any], where: str) -> None:
    found = expect(task.get("predictions", []), list, where, "predictions")
    foreign = [one for one in found if isinstance(one, dict) and one.get("model_version") not in
               ("framing", None)]  # fmt: skip
    if len(found) > 1 or foreign:
        model = foreign[0]["model_version"] if foreign else "another model"
        raise DataError(
            f"{where}: holds predictions by {model!r}, which framing did not give out; what "
            "coders see has to be recorded, so show predictions with framing export --suggest"
        )


def _answer(task: Mapping[str, Any], where: str, people: dict[str, str]) -> list[Any] | None:
    """The result of the one annotation that holds; None without one."""
    valid = [
        one for one in task.get("annotations", []) if one.get("was_cancelled") in (False, None)
    ]
    if len(valid) > 1:
        by = sorted({_person(one) for one in valid})
        raise DataError(
            f"{where}: has {len(valid)} annotations, by {' and '.join(by)}; delete all but one"
        )
    if not valid:
        return None
    if valid[0].get("lead_time") is not None:  # made in the editor, not imported
        people.setdefault(_person(valid[0]), where.rpartition(": ")[2])
    found: list[Any] = expect(valid[0].get("result"), list, where, "result")
    return found


def _person(annotation: Mapping[str, Any]) -> str:
    """Who last changed it, as far as it says."""
    by = annotation.get("updated_by") or annotation.get("completed_by")
    return str(by.get("email") or by.get("id")) if isinstance(by, dict) else f"user {by}"
