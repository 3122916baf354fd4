"""The form of an import: what browsers, Swagger UI and generated clients send for fields that nobody has filled in."""

import io
import uuid
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile

from schemas import SceneImport
from tests.support.factories import ADMIN_EMAIL, Learner, sign_in
from tests.support.scenes import SAMPLE_HZ, cues, problem_of, send

OPTIONAL = [name for name, field in SceneImport.model_fields.items() if not field.is_required()]
REQUIRED = [name for name in SceneImport.model_fields if name not in OPTIONAL]


@pytest.fixture(scope="module")
def admin(client: httpx.Client) -> Learner:
    return sign_in(client, ADMIN_EMAIL)


@pytest.fixture(scope="module")
def wav() -> bytes:
    file = io.BytesIO()
    noise = np.random.default_rng(1).normal(0, 3000, 6 * SAMPLE_HZ).astype("int16")
    soundfile.write(file, noise, SAMPLE_HZ, format="WAV", subtype="PCM_16")
    return file.getvalue()


def test_empty_optional_fields_are_absent(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    answer = send(client, admin, cues("Hello."), wav, **dict.fromkeys(OPTIONAL, ""))
    assert answer.status_code == 201, answer.text
    scene = answer.json()
    assert (scene["language"], scene["actors"], scene["translations"]) == ("en-US", ["Unknown"], {})
    assert [scene[name] for name in ("description", "source", "licence")] == [None, None, None]


@pytest.mark.parametrize("field", REQUIRED)
def test_an_empty_required_field_is_named(client: httpx.Client, admin: Learner, wav: bytes, field: str) -> None:
    place, message = problem_of(send(client, admin, cues("Hello."), wav, **{field: ""}))
    assert (place, message) == (["body", field], "1자 이상이어야 합니다.")


def test_the_examples_of_the_form_make_a_draft(client: httpx.Client, admin: Learner, wav: bytes) -> None:
    """Swagger UI sends the default of each field or else its first example."""
    form = client.get("/openapi.json").json()["components"]["schemas"]["SceneImportForm"]["properties"]
    assert not [name for name, field in form.items() if "anyOf" in field or "type" not in field]
    values = {name: _prefilled(field) for name, field in form.items() if field.get("format") != "binary"}
    slug = f"{values['slug']}-{uuid.uuid4().hex}"
    answer = send(client, admin, cues("Hello."), wav, **values | {"slug": slug})
    assert answer.status_code == 201, answer.text
    scene = answer.json()
    assert (scene["title"], scene["title_ko"], scene["category"]) == ("Last train", "막차", "drama")
    assert scene["is_draft"]
    assert client.get(f"/api/scripts/{scene['id']}").status_code == 404


def _prefilled(field: dict[str, Any]) -> str:
    value = field["default"] if "default" in field else field["examples"][0]
    return value if isinstance(value, str) else str(value).lower()
