"""directory/for_whom.py and what follows from it: groups are named, what is for everybody comes first."""

from __future__ import annotations

import pytest
from directory_made import make

from directory.for_whom import for_whom
from directory.named import thing_named
from directory.query import Query


@pytest.mark.parametrize(
    ("audience", "ages", "said"),
    [
        (("women",), {}, "For women"),
        (("men", "young people"), {"min_age": 16, "max_age": 25}, "For men aged 16 to 25"),
        (("anyone",), {"min_age": 50}, "For people aged 50 and over"),
        (("anyone",), {"min_age": 18}, None),
        (("older people", "anyone"), {}, None),
        (("women", "South Asian people"), {}, "For South Asian women"),
        (("men", "parents"), {}, "For dads"),
        (("older people", "carers"), {"min_age": 60}, "For older people and carers"),
        ((), {}, None),
    ],
)
def test_the_group_is_said(audience: tuple[str, ...], ages: dict[str, int], said: str | None, directory_of) -> None:  # type: ignore[no-untyped-def]
    match = directory_of(make("one", audience=audience, **ages)).get("one")
    assert for_whom(match.as_service()) == said


def test_only_other_languages_are_said() -> None:
    assert for_whom({"languages": ["Polish"]}) == "For people who speak Polish"
    assert for_whom({"languages": ["Polish", "English"]}) is None


def test_everybody_first_then_groups_then_none_that_do_not_fit(directory_of) -> None:  # type: ignore[no-untyped-def]
    directory = directory_of(
        make("women", audience=("women",)), make("men", audience=("men",)), make("old", audience=("older people",), min_age=60),
        make("all"), make("help", needs=("volunteering", "loneliness")),
    )  # fmt: skip

    def found(**known: object) -> list[str]:
        return [m.id for m in directory.search(Query("tea and a chat", **known)).matches]  # type: ignore[arg-type]

    assert found(for_person=())[0] == "all" and set(found(for_person=())) == {"all", "women", "men", "old"}
    assert found(for_person=("women",), age=25)[-1] == "men" and found(for_person=("men",), age=70)[-1] == "women"  # last, not hidden
    assert set(found(for_person=("women", "parents"), audience=("men",))) == {"men"}  # a mum looks for her husband
    assert "women" not in found(for_person=(), audience=("men",))
    assert "help" in found(for_person=(), needs=("volunteering",)) and "help" in found()


def test_nearer_than_is_never_loosened(directory_of) -> None:  # type: ignore[no-untyped-def]
    directory = directory_of(
        make("near", latitude=51.88, longitude=-0.42), make("far", latitude=51.95, longitude=-0.27), make("home", online="yes")
    )
    found = directory.search(Query("tea", near="LU1", nearer_than=3.0))
    assert {m.id for m in found.matches} == {"near"}  # online is nowhere near
    assert not directory.search(Query("tea", near="LU1", nearer_than=0.01)).matches
    online = directory.search(Query("tea", near="LU1", nearer_than=0.01, online=True))
    assert [m.id for m in online.matches] == ["home"]


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("just find me a boxing gym", ("boxing",)),
        ("is there a karate class near LU2", ("karate",)),
        ("looking for a counsellor", ()),
        ("find me some company", ()),
        ("i am lonely", ()),
    ],
)
def test_the_thing_asked_for_by_name(text: str, thing: tuple[str, ...]) -> None:
    assert thing_named(text) == thing


def test_what_is_not_there_is_known(directory_of) -> None:  # type: ignore[no-untyped-def]
    directory = directory_of(make("tea"), make("box", description="Boxing for all.", accredited_by=None))
    assert directory.search(Query("find me a boxing gym")).missing == ("boxing",)
    assert directory.search(Query("find me a tea group")).missing == ()
