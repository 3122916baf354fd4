"""Subtitle files of strangers, read into the lines of a scene: formats, encodings, speakers, sounds, translations."""
