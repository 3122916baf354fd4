"""Opens recordings and media files: the one way to audio for both servers. Runs in processes made for strangers' files.

`layout` and what it needs (`riff`, `ogg`, `matroska`, `mpeg`) read headers only, without a decoder; `tracks` needs
PyAV; `mixing`, `source` and `recording` need numpy, too.
"""
