"""Why a recording cannot be read."""


class UndecodableAudioError(Exception):
    """No audio can be read from these bytes."""


class AudioTooLongError(Exception):
    """The recording is longer than the limit."""


class AudioEmptyError(Exception):
    """The recording holds no samples."""
