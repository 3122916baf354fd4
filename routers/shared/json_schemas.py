"""Changes to the JSON Schemas of the OpenAPI document that Pydantic cannot make."""

import json
from typing import Any

Schema = dict[str, Any]


def without_null(schema: Schema) -> Schema:
    """Returns a schema without its alternative `null`: for parameters and fields of forms, which are absent instead."""
    options = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(options) != 1:
        return schema
    around = {key: value for key, value in schema.items() if key != "anyOf" and (key, value) != ("default", None)}
    return {**options[0], **around}


def as_form(schema: Schema) -> None:
    """Turns the schema of a JSON object into that of a form, whose fields are texts; an object is sent as JSON."""
    for name, field in schema["properties"].items():
        plain = without_null(field)
        schema["properties"][name] = _as_json_text(plain) if plain.get("type") == "object" else plain


def _as_json_text(schema: Schema) -> Schema:
    return {
        "type": "string",
        "contentMediaType": "application/json",
        "title": schema["title"],
        "description": schema["description"],
        "examples": [json.dumps(each, ensure_ascii=False) for each in schema["examples"]],
    }
