from typing import Literal

ListScriptsSort = Literal["easiest", "latest", "popular"]

LIST_SCRIPTS_SORT_VALUES: set[ListScriptsSort] = {
    "easiest",
    "latest",
    "popular",
}


def check_list_scripts_sort(value: str) -> ListScriptsSort:
    if value in LIST_SCRIPTS_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_SCRIPTS_SORT_VALUES!r}")
