from typing import Literal

ListTokensLength = Literal["long", "medium", "short"]

LIST_TOKENS_LENGTH_VALUES: set[ListTokensLength] = {
    "long",
    "medium",
    "short",
}


def check_list_tokens_length(value: str) -> ListTokensLength:
    if value in LIST_TOKENS_LENGTH_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_TOKENS_LENGTH_VALUES!r}")
