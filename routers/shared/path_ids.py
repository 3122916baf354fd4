"""Path parameters that do not match the names of fixed paths beside them."""

from starlette.convertors import StringConvertor, register_url_convertor

# /scripts/popular is no script: without this, its POST would be refused as that of a script, and not with 405.
_NAMES_BESIDE_SCRIPTS = ("popular", "drafts", "import", "managed", "requests")


class _ScriptId(StringConvertor):
    """A script's id: any text but a fixed path, as the route refuses what is no number with 422."""

    regex = rf"(?!(?:{'|'.join(_NAMES_BESIDE_SCRIPTS)})$)[^/]+"


register_url_convertor("script", _ScriptId())
SCRIPT = "/scripts/{script_id:script}"
