#!/usr/bin/env bash
# Most expect: the order of BeforeValidator and Field in Annotated changes when a value is checked, not what the JSON schema
# says of its bounds.
# What happens: a bound that stands behind a BeforeValidator is still enforced, but the JSON schema has the words `ge` and
# `le`, which JSON Schema and OpenAPI do not know, instead of `minimum` and `maximum`. Clients, linters and fuzzers that
# are made from the document see a number without bounds. With the bound in front, the schema is right.
# Versions: pydantic 2.14.4 with pydantic-core 2.50.5.
# Why it matters: an id that a validator narrows further loses its documented bounds, and no linter says so, since JSON
# Schema lets unknown words pass.
# Source: pydantic's page on validators describes the order of execution in Annotated, not its effect on the schema.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pydantic==2.14.4 pydantic-core==2.50.5
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from typing import Annotated

import pydantic
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

check = BeforeValidator(lambda value: value)
behind = TypeAdapter(Annotated[int, check, Field(ge=1, le=100)])
before = TypeAdapter(Annotated[int, Field(ge=1, le=100), check])

print(f"pydantic {pydantic.VERSION}")
for name, adapter in (("bound behind the validator", behind), ("bound before the validator", before)):
    try:
        adapter.validate_python(0)
        verdict = "0 is accepted"
    except ValidationError as error:
        verdict = f"0 is refused with {error.errors()[0]['type']}"
    print(f"{name}: {adapter.json_schema()}; {verdict}")
    if "refused" not in verdict:
        sys.exit("the bound is no longer enforced")
if behind.json_schema() != {"ge": 1, "le": 100, "type": "integer"}:
    sys.exit("the schema behind the validator has changed")
if before.json_schema() != {"maximum": 100, "minimum": 1, "type": "integer"}:
    sys.exit("the schema before the validator has changed")
PYTHON
