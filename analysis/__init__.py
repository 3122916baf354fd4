"""The analysis server of YouSync: it judges how closely a recording follows an actor's line.

A package of its own. It imports nothing of the API server and speaks to it over HTTP only.
"""

__version__ = "0.1.0"
