"""The JSON Schema for editors says what the models say."""

from __future__ import annotations

import json

from tutor import resources
from tutor.teach import lecture_schema
from tutor.teach.schema import LessonModel, json_schema


def test_the_schema_for_editors_is_current() -> None:
    """After a change of the format: ``python tests/tools/lesson_schema.py``."""
    assert json.loads(resources.asset_text("schema/lesson-1.json")) == json_schema()
    assert json.loads(resources.asset_text("schema/lecture-1.json")) == lecture_schema.json_schema()


def test_every_key_of_the_format_is_in_it() -> None:
    """An editor offers each of them, and marks any other as wrong."""
    schema = json_schema()
    assert set(schema["properties"]) == set(LessonModel.model_fields)
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"format", "id", "title", "goal", "concepts", "hosts", "beats"}
