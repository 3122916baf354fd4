"""The analysis server of YouSync: compares a recording with an actor's line and returns scores and feedback.

A package of its own. It imports nothing of the API server and exchanges data with it over HTTP only.
"""

import os

# Set before any module imports onnxruntime, which otherwise sends usage data to its makers.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
