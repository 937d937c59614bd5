"""Lecture format 1, as pydantic models: which keys there are, which are needed, of what shape.

Rules
-----
* Shape only, as in ``schema.py``. Whether a lesson, a beat or a run is there is ``lecture_reading.py``'s.
* ``assets/schema/lecture-1.json`` is generated from these models for editors; a test keeps it current.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tutor.teach.schema import Line, Markdown, Model, Sentence, Slug, Translated

Minutes = Annotated[float, Field(ge=0.5, le=600)]
Key = Annotated[int, Field(ge=0, le=9)]


class ItemModel(Model):
    """One part: a lesson, a question, a saved run, or, with none of these keys, a note."""

    id: Slug = Field(description="Stable: translations and recorded paces are kept under it.")
    lesson: Slug | None = Field(None, description="A lesson: shipped, your own, or a folder beside this file.")
    beats: list[Slug] = Field(default_factory=list, description="Which beats of the lesson; all unless given.")
    asks: list[Slug] | None = Field(
        None, description="Whose bet or question is put to the room; of all beats that ask unless given, [] for none."
    )
    question: Slug | None = Field(None, description="A question by itself: a check of the lesson, or a beat that asks.")
    run: Line | None = Field(None, description="A saved run: the name of a file beside this one.")
    title: Sentence | None = Field(None, description="What the list of parts and the room read; a note needs one.")
    minutes: Minutes = Field(description="How long it is to take.")
    notes: Markdown | None = Field(None, description="For the lecturer: what to say, to ask, what goes wrong.")
    at: dict[Slug, Markdown] = Field(
        default_factory=dict, description="BEAT: notes shown there in place of the others."
    )
    asking: dict[Slug, Markdown] = Field(default_factory=dict, description="BEAT: notes shown at its question.")


class SituationModel(Model):
    """One key: what Alt and this digit lead to at any time."""

    key: Key
    lesson: Slug | None = None
    beat: Slug | None = Field(None, description="A beat of the lesson; its first unless given.")
    run: Line | None = Field(None, description="A saved run: the name of a file beside this one.")
    title: Sentence


class LectureModel(Model):
    """A lecture of format 1."""

    format: Literal[1]
    lecture: Slug = Field(description="Its id.")
    title: Sentence
    minutes: Minutes = Field(description="How long it lasts; the minutes of its items add up to it.")
    items: list[ItemModel] = Field(min_length=1, max_length=200)
    situations: list[SituationModel] = Field(default_factory=list, max_length=10)


# --- translations ---


class ItemOverlay(Model):
    """Translations of one item."""

    title: Translated | None = None
    notes: Translated | None = None
    at: dict[str, Translated] = Field(default_factory=dict)
    asking: dict[str, Translated] = Field(default_factory=dict)


class LectureOverlay(Model):
    """A translation of a lecture: ``<lang>.yaml`` beside it."""

    format: Literal[1]
    lecture: Slug
    title: Translated | None = None
    items: dict[str, ItemOverlay] = Field(default_factory=dict)
    situations: dict[str, Translated] = Field(default_factory=dict, description="KEY: its title.")


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``lecture.yaml`` for editors."""
    schema = LectureModel.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "tcp-tutor lecture, format 1"} | schema
