from typing import Literal

ListTokensSort = Literal["easiest", "id"]

LIST_TOKENS_SORT_VALUES: set[ListTokensSort] = {
    "easiest",
    "id",
}


def check_list_tokens_sort(value: str) -> ListTokensSort:
    if value in LIST_TOKENS_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_TOKENS_SORT_VALUES!r}")
