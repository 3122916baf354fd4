"""Opens recordings and media files: the one way to audio for both servers. Runs in processes made for strangers' files.

`riff`, `ogg`, `mpeg` and `layout` read headers only and need no decoder; `tracks` needs PyAV; `mixing` and `samples`
need numpy, too.
"""
