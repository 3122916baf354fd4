"""Completes the operations of the OpenAPI document: security, parameters, bodies, and the errors of middleware."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from core.errors import ContentEncodingUnsupported, RequestTooSlow, TooManyOpenUploads
from routers.shared.json_schemas import without_null
from routers.shared.problems import PROBLEM_JSON, problem_responses

Operation = dict[str, Any]
_IDS = {
    "script_id": "The scene",
    "token_id": "The line",
    "actor_id": "The actor",
    "job_id": "The job of a recording",
    "request_id": "The request of a learner",
}


def operations_of(document: dict[str, Any]) -> Iterator[Operation]:
    """Yields each operation of an OpenAPI document."""
    for path in document["paths"].values():
        yield from path.values()


def complete_operations(document: dict[str, Any]) -> None:
    """Changes each operation so that it says what the code does."""
    for operation in operations_of(document):
        # Without it, nothing tells a public operation from one whose security was forgotten.
        operation.setdefault("security", [])
        for parameter in operation.get("parameters", ()):
            _complete_parameter(parameter)
        _replace_default_422(operation)
        if "requestBody" in operation:
            _refer_to_bodies(operation)
            _add_refusals(operation)


def _complete_parameter(parameter: dict[str, Any]) -> None:
    schema = parameter["schema"] = without_null(parameter["schema"])
    # Swagger UI fills in `example`, but not the examples of a schema: filters are sent only if somebody asks for them.
    if parameter["required"]:
        parameter["example"] = schema["examples"][0]
    if parameter["name"] in _IDS:
        parameter.setdefault("description", _IDS[parameter["name"]])


def _refer_to_bodies(operation: Operation) -> None:
    """Leaves the reference of a body that may be absent, instead of an alternative to null."""
    for media in operation["requestBody"]["content"].values():
        plain = without_null(media["schema"])
        media["schema"] = {"$ref": plain["$ref"]}


def _add_refusals(operation: Operation) -> None:
    """Adds the errors of middleware/{encoded,open}_bodies.py."""
    for status, refusal in problem_responses(ContentEncodingUnsupported, RequestTooSlow, TooManyOpenUploads).items():
        documented = operation["responses"].setdefault(str(status), deepcopy(refusal))
        examples = documented["content"][PROBLEM_JSON]["examples"]
        examples.update(refusal["content"][PROBLEM_JSON]["examples"])


def _replace_default_422(operation: Operation) -> None:
    """Removes FastAPI's own 422 response, of which problem_responses takes the place."""
    content = operation["responses"].get("422", {}).get("content", {})
    content.pop("application/json", None)
    if not content:
        operation["responses"].pop("422", None)
