#!/usr/bin/env bash
# Most expect: a generated client renames or qualifies what its templates need, so that a property of the API may have any
# name. openapi-python-client does rename properties that are keywords of Python, such as `from`.
# What happens: its models import typing.cast and call it for every property that may be null. A property called `cast`
# becomes a local variable of from_dict, so that the calls raise UnboundLocalError, or call what the property holds.
# Generation ends without a warning, and nothing fails as long as that object has no property that may be null.
# Versions: openapi-python-client 0.29.1.
# Why it matters: `cast` is the natural name for the actors of a film scene. Every response with one could not be read.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check openapi-python-client==0.29.1
cat > "$folder/api.json" <<'JSON'
{"openapi": "3.1.0", "info": {"title": "Films", "version": "1"},
 "paths": {"/scene": {"get": {"operationId": "get_scene", "responses": {"200": {"description": "ok", "content":
   {"application/json": {"schema": {"$ref": "#/components/schemas/Scene"}}}}}}}},
 "components": {"schemas": {"Scene": {"type": "object", "required": ["cast", "note"], "properties": {
   "cast": {"type": "array", "items": {"type": "string"}},
   "note": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}}}}
JSON
cd "$folder"
PATH="$folder/venv/bin:$PATH" "$folder/venv/bin/openapi-python-client" generate --path api.json --meta none --output-path films >/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from films.models import Scene

print(f"openapi-python-client {version('openapi-python-client')}")
raised = None
try:
    print("read:", Scene.from_dict({"cast": ["Grace"], "note": "Two friends."}))
except Exception as error:
    raised = error
print(f"a scene with its cast: {type(raised).__name__}: {raised}")
if not isinstance(raised, (TypeError, UnboundLocalError)):
    sys.exit("openapi-python-client has changed")
PYTHON
