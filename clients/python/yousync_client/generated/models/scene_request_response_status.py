from typing import Literal

SceneRequestResponseStatus = Literal["answered", "declined", "done", "open"]

SCENE_REQUEST_RESPONSE_STATUS_VALUES: set[SceneRequestResponseStatus] = {
    "answered",
    "declined",
    "done",
    "open",
}


def check_scene_request_response_status(value: str) -> SceneRequestResponseStatus:
    if value in SCENE_REQUEST_RESPONSE_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SCENE_REQUEST_RESPONSE_STATUS_VALUES!r}")
