"""`framing.articles.english`: English passes, other languages do not."""

import json
import os
from pathlib import Path

import pytest

from framing.articles.english import check_english

# Invented for these tests.
OTHER = {
    "French": "Le ministre a déclaré lundi que le convoi quitterait la ville avant la nuit. « Nous "
    "ne pouvons pas attendre », a-t-il dit à des journalistes réunis sur la place du marché.",
    "German": "Der Minister sagte am Montag, dass der Konvoi die Stadt vor der Nacht verlassen "
    "will. „Wir können nicht warten“, sagte er den Reportern, die auf dem Markt waren.",
    "Spanish": "El ministro dijo el lunes que el convoy saldría de la ciudad antes de la noche. "
    "«No podemos esperar», dijo a los periodistas que estaban en la plaza del mercado.",
    "Dutch": "De minister zei maandag dat het konvooi de stad voor de nacht zou verlaten of in de "
    "haven moest blijven. Wij kunnen niet wachten, zei hij tegen de pers op het plein.",
    "Portuguese": "O ministro disse na segunda-feira que as tropas e as famílias deixariam a "
    "cidade antes da noite. Não podemos esperar, disse ele aos jornalistas na praça.",
    "Danish": "Ministeren sagde mandag, at konvojen vil have forladt byen for natten. Vi kan her "
    "ikke vente, sagde han til de journalister, der stod på torvet i byen med deres udstyr.",
    "Polish": "Minister powiedział w poniedziałek, że to konwój ma opuścić miasto przed nocą. To "
    "nie może czekać, powiedział dziennikarzom, którzy stali na rynku, i to już wszystko.",
    "Russian": "Министр сказал в понедельник, что колонна покинет город до наступления ночи. Мы не "
    "можем ждать, сказал он журналистам, которые собрались на рыночной площади города.",
    "Arabic": "قال الوزير يوم الاثنين إن القافلة ستغادر المدينة قبل حلول الليل وأضاف أننا لا "
    "نستطيع الانتظار كما قال للصحفيين الذين تجمعوا في ساحة السوق وسط المدينة صباح اليوم نفسه",
}  # fmt: skip

ENGLISH = {
    "report": "The minister said on Monday that the convoy would leave the city before night. “We "
    "cannot wait,” he told reporters who had gathered on the market square.",
    "quotes": "“No. Never. Not one truck,” Reed said. “You hear me? Not one.” “Why?” “Because I "
    "said so.” “Really?” “Yes, really, and that is all I have got to say to you.”",
    "names": "Captain Ana Quill, Sergeant Tom Reed, Corporal Idris Vane and Dr. Mira Olund of the "
    "Harbour Clinic were honored Friday; Mayor Jo Lind, Bishop Karl Ott attended.",
    "foreign words": "“La ciudad es nuestra, vamos a quedarnos aquí,” shouted the crowd of "
    "Plaza Mayor, and the police replied with “¡Atrás, atrás!” before retreating.",
}


@pytest.mark.parametrize("language", OTHER)
def test_other_languages_are_refused_with_the_count(language: str) -> None:
    reason = check_english(OTHER[language])

    assert reason.startswith("not English: ")
    assert "if it is English, give lang = en in the data" in reason


@pytest.mark.parametrize("kind", ENGLISH)
def test_english_passes(kind: str) -> None:
    assert check_english(ENGLISH[kind]) == ""


def test_short_texts_are_not_judged() -> None:
    assert check_english(" ".join(["mot"] * 19)) == ""
    assert check_english(" ".join(["mot"] * 20)) != ""
    assert check_english("") == ""


def test_threshold_is_one_in_twenty() -> None:
    assert check_english(" ".join(["mot"] * 19 + ["the"])) == ""
    assert check_english(" ".join(["mot"] * 20 + ["the"])) != ""


@pytest.mark.corpora
def test_no_article_of_the_corpora_is_refused() -> None:
    root = Path(__file__).parents[2]
    corpora = Path(os.environ.get("FRAMING_CORPORA", root / ".." / "shared")) / "corpora"
    if not corpora.is_dir():
        pytest.skip(f"no folder {corpora}")
    texts = [
        json.loads(path.read_text(encoding="utf-8"))["content_original"]
        for path in (corpora / "article-bias-prediction" / "jsons").glob("*.json")
    ]
    texts += [
        path.read_text(encoding="utf-8") for path in (corpora / "polnear").glob("*/text/*.txt")
    ]

    assert len(texts) > 2000
    assert [text[:60] for text in texts if check_english(text)] == []
