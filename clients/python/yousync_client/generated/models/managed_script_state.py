from typing import Literal

ManagedScriptState = Literal["draft", "expired", "hidden", "published"]

MANAGED_SCRIPT_STATE_VALUES: set[ManagedScriptState] = {
    "draft",
    "expired",
    "hidden",
    "published",
}


def check_managed_script_state(value: str) -> ManagedScriptState:
    if value in MANAGED_SCRIPT_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MANAGED_SCRIPT_STATE_VALUES!r}")
