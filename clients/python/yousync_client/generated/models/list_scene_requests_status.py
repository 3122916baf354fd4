from typing import Literal

ListSceneRequestsStatus = Literal["answered", "declined", "done", "open"]

LIST_SCENE_REQUESTS_STATUS_VALUES: set[ListSceneRequestsStatus] = {
    "answered",
    "declined",
    "done",
    "open",
}


def check_list_scene_requests_status(value: str) -> ListSceneRequestsStatus:
    if value in LIST_SCENE_REQUESTS_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_SCENE_REQUESTS_STATUS_VALUES!r}")
