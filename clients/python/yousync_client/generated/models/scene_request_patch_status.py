from typing import Literal

SceneRequestPatchStatus = Literal["answered", "declined", "done", "open"]

SCENE_REQUEST_PATCH_STATUS_VALUES: set[SceneRequestPatchStatus] = {
    "answered",
    "declined",
    "done",
    "open",
}


def check_scene_request_patch_status(value: str) -> SceneRequestPatchStatus:
    if value in SCENE_REQUEST_PATCH_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SCENE_REQUEST_PATCH_STATUS_VALUES!r}")
