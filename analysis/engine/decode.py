"""Decoding of recordings: from what browsers, phones and recorders write to 16 kHz mono float.

Runs only inside the decoder process (`analysis/processes/decoder_handler.py`), which has limits on memory and time.
"""

from typing import BinaryIO

from analysis.engine.audio import SAMPLE_RATE, Audio
from common.audio.errors import AudioEmptyError, AudioTooLongError, UndecodableAudioError
from common.audio.recording import Recording, read_recording

__all__ = ["AudioEmptyError", "AudioTooLongError", "Recording", "UndecodableAudioError", "decode", "read"]


def decode(file: BinaryIO, max_s: float) -> Audio:
    """Returns the samples that `read` decodes. Raises the same errors."""
    return read(file, max_s).samples


def read(file: BinaryIO, max_s: float) -> Recording:
    """Decodes a seekable file to 16 kHz; stops as soon as max_s is exceeded. Raises as read_recording."""
    return read_recording(file, SAMPLE_RATE, max_s)
