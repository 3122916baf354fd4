from typing import Literal

ListScriptsLength = Literal["long", "medium", "short"]

LIST_SCRIPTS_LENGTH_VALUES: set[ListScriptsLength] = {
    "long",
    "medium",
    "short",
}


def check_list_scripts_length(value: str) -> ListScriptsLength:
    if value in LIST_SCRIPTS_LENGTH_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_SCRIPTS_LENGTH_VALUES!r}")
