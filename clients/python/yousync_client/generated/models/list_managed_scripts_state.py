from typing import Literal

ListManagedScriptsState = Literal["draft", "expired", "hidden", "published"]

LIST_MANAGED_SCRIPTS_STATE_VALUES: set[ListManagedScriptsState] = {
    "draft",
    "expired",
    "hidden",
    "published",
}


def check_list_managed_scripts_state(value: str) -> ListManagedScriptsState:
    if value in LIST_MANAGED_SCRIPTS_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_MANAGED_SCRIPTS_STATE_VALUES!r}")
