"""The page: React sources beside `build.py`, which runs Node.js and writes `dist/`."""
