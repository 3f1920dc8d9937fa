"""Danger in other languages is found, other languages are told from English, and English is never taken for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.safety.languages import danger, not_english
from assistant.safety.tiers import ORDER

ROOT = Path(__file__).resolve().parents[2]

DANGER = [
    ("suicide_ideation", "chcę się zabić"), ("suicide_ideation", "CHCE SIE ZABIC"), ("suicide_ideation", "vreau să mor"),
    ("suicide_ideation", "quiero morir"), ("suicide_ideation", "je veux mourir"), ("suicide_ideation", "voglio morire"),
    ("suicide_ideation", "quero morrer"), ("suicide_ideation", "ölmek istiyorum"), ("suicide_ideation", "noriu mirti"),
    ("suicide_ideation", "main marna chahta hoon"), ("suicide_ideation", "میں مرنا چاہتا ہوں"),
    ("suicide_ideation", "मैं मरना चाहता हूँ"), ("suicide_ideation", "ਮੈਂ ਮਰਨਾ ਚਾਹੁੰਦਾ ਹਾਂ"),
    ("suicide_ideation", "আমি মরতে চাই"), ("suicide_ideation", "ami morte chai"), ("suicide_ideation", "أريد أن أموت"),
    ("suicide_ideation", "waxaan rabaa inaan dhinto"), ("suicide_ideation", "dw i eisiau marw"),
    ("suicide_ideation", "хочу умереть"), ("suicide_ideation", "искам да умра"), ("suicide_ideation", "хочу померти"),
    ("suicide_ideation", "我不想活了"),
    ("domestic_abuse", "pomocy mąż mnie bije"), ("domestic_abuse", "mera shohar mujhe maarta hai"),
    ("domestic_abuse", "mi marido me pega"), ("domestic_abuse", "زوجي يضربني"), ("domestic_abuse", "我老公打我"),
    ("domestic_abuse", "kocam beni dövüyor"), ("domestic_abuse", "soțul mă bate"), ("domestic_abuse", "мъжът ми ме бие"),
    ("overdose_poisoning", "wzięłam dużo tabletek"), ("overdose_poisoning", "j'ai pris tous les cachets"),
    ("overdose_poisoning", "am luat multe pastile"), ("overdose_poisoning", "اخذت كل الحبوب"),
    ("home_emergency", "pożar w domu"), ("home_emergency", "घर में आग लग गई"), ("home_emergency", "пожар"),
    ("medical_emergency", "nie mogę oddychać"), ("medical_emergency", "me duele el pecho"),
    ("medical_emergency", "não consigo respirar"), ("medical_emergency", "nefes alamıyorum"),
    ("medical_emergency", "سانس نہیں آ رہا"), ("medical_emergency", "胸口痛"), ("medical_emergency", "buke onek betha"),
]  # fmt: skip
FOREIGN = [
    "I'm eisiau siarad Cymraeg", "dzień dobry potrzebuję pomocy z mieszkaniem", "nu vorbesc engleza", "hola necesito ayuda",
    "bonjour je ne parle pas anglais", "mujhe madad chahiye", "ami bangla kotha bolte chai", "waxaan rabaa caawimo",
    "no hablo ingles", "merhaba yardım lazım", "мне нужна помощь", "我需要帮助", "مرحبا احتاج مساعدة", "মাই সাহায্য দরকার",
    "por favor ayuda", "ich brauche hilfe bitte",
]  # fmt: skip
ENGLISH = [
    "salaam", "hola", "Agnieszka Kowalska", "Mohammed Ali Khan", "LU3 2AB", "Bury Park", "ye am reet", "nowt to do me duck",
    "i cannae be doin wi it", "me no have job need help", "wnt sum1 2 tlk 2", "as salamu alaykum brother", "I speak Polish",
    "can i get an interpreter for urdu", "ty ty so much", "Ami wants some more chai", "a frappe and a chat", "ok", "si", "da",
    "my mam died", "Sofia Garcia Lopez", "stopsley", "a la carte", "que", "deja vu again", "la la la", "yas queen",
]  # fmt: skip


@pytest.mark.parametrize(("risk", "text"), DANGER)
def test_plain_danger_is_found(risk: str, text: str) -> None:
    found = danger(text)
    assert risk in found and set(found) <= set(ORDER)


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_is_told(text: str) -> None:
    assert not_english(text) and not danger(text)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_names_dialect_and_slips_are_left_alone(text: str) -> None:
    assert not not_english(text) and not danger(text)


@pytest.mark.parametrize("name", ["tests/safety/held_out/t2.tsv", "nlu_data/held_out/t1.tsv", "nlu_data/held_out/t3.tsv",
                                  "nlu_data/safety/s1.tsv", "nlu_data/safety/s3.tsv"])  # fmt: skip
def test_no_false_alarm_on_whole_files_of_english(name: str) -> None:
    """Dialect and second-language English above all. Authors whose words the list of known words was not made from too."""
    texts = [line.split("\t")[-1] for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    assert len(texts) > 100
    assert [text for text in texts if not_english(text) or danger(text)] == []


def test_strange_characters_are_no_fault() -> None:
    for text in ("", "\u200b", "🔥🔥🔥", "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "1234", "ــــ"):
        assert not danger(text) and not not_english(text)
