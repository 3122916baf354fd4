"""ASGI middleware: one class a file; main.py lists them in their order."""
