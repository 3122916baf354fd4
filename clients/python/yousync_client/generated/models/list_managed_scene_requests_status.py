from typing import Literal

ListManagedSceneRequestsStatus = Literal["answered", "declined", "done", "open"]

LIST_MANAGED_SCENE_REQUESTS_STATUS_VALUES: set[ListManagedSceneRequestsStatus] = {
    "answered",
    "declined",
    "done",
    "open",
}


def check_list_managed_scene_requests_status(value: str) -> ListManagedSceneRequestsStatus:
    if value in LIST_MANAGED_SCENE_REQUESTS_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_MANAGED_SCENE_REQUESTS_STATUS_VALUES!r}")
