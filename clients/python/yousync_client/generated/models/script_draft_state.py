from typing import Literal

ScriptDraftState = Literal["draft", "expired", "hidden", "published"]

SCRIPT_DRAFT_STATE_VALUES: set[ScriptDraftState] = {
    "draft",
    "expired",
    "hidden",
    "published",
}


def check_script_draft_state(value: str) -> ScriptDraftState:
    if value in SCRIPT_DRAFT_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SCRIPT_DRAFT_STATE_VALUES!r}")
