from typing import Literal

CreateScriptState = Literal["draft", "published"]

CREATE_SCRIPT_STATE_VALUES: set[CreateScriptState] = {
    "draft",
    "published",
}


def check_create_script_state(value: str) -> CreateScriptState:
    if value in CREATE_SCRIPT_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CREATE_SCRIPT_STATE_VALUES!r}")
