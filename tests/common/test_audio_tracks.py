"""FFmpeg opens files through one function, with a list of demuxers and without any protocol."""

import ast
import io
import wave
from pathlib import Path

import av
import pytest

from common.audio.errors import UndecodableAudioError
from common.audio.tracks import MEDIA, RECORDINGS, open_part
from common.audio.views import FileView
from tests.test_architecture import EVERY_FILE, SERVERS


def wav() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"\1\0" * 16_000)
    return buffer.getvalue()


def avi() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="avi") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000)
        frame = av.AudioFrame(format="s16", layout="mono", samples=16_000)
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def opens(content: bytes, formats: str) -> bool:
    try:
        open_part(FileView(io.BytesIO(content)), formats).close()
    except UndecodableAudioError:
        return False
    return True


@pytest.mark.parametrize("formats", [RECORDINGS, MEDIA])
def test_files_that_name_other_files_are_not_opened(formats: str, tmp_path: Path) -> None:
    named = tmp_path / "named.wav"
    named.write_bytes(wav())
    assert opens(wav(), formats)
    scripts = (
        f"ffconcat version 1.0\nfile '{named}'\n",
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{named}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        f"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>{named}</BaseURL></MPD>",
    )
    assert [script for script in scripts if opens(script.encode(), formats)] == []


def test_a_format_outside_the_list_is_not_opened() -> None:
    assert opens(avi(), MEDIA)
    assert not opens(avi(), RECORDINGS)


def test_servers_open_files_to_read_in_one_place() -> None:
    opened = {
        (name, node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else "r")
        for name in SERVERS
        for node in ast.walk(ast.parse(EVERY_FILE[name].read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("av.open", "av.container.open")
        and not name.startswith("analysis/eval/")
    }
    assert opened == {("common/audio/tracks.py", "r"), ("media/clip_cutting.py", "w")}
