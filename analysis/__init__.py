"""The analysis server of YouSync: it judges how closely a recording follows an actor's line.

A package of its own. It imports nothing of the API server and speaks to it over HTTP only.
"""

import os

# Set before anything here imports onnxruntime, which would otherwise report its use to its makers.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
