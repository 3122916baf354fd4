"""Path parameters that do not match the names of fixed paths beside them."""

from starlette.convertors import StringConvertor, register_url_convertor


def _id_beside(kind: str, *names: str) -> None:
    """Registers the convertor of an id: any text but a fixed path, as the route refuses what is no number with 422.

    /scripts/popular is no script: without this, its POST would be refused as that of a script, and not with 405.
    """
    convertor = type(kind, (StringConvertor,), {"regex": rf"(?!(?:{'|'.join(names)})$)[^/]+"})
    register_url_convertor(kind, convertor())


_id_beside("script", "popular", "drafts", "import", "managed", "requests")
_id_beside("actor", "managed")
_id_beside("scene_request", "mine", "managed")
SCRIPT = "/scripts/{script_id:script}"
ACTOR = "/actors/{actor_id:actor}"
SCENE_REQUEST = "/scripts/requests/{request_id:scene_request}"
