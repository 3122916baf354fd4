"""`make chaos`: real servers under load while they are killed, restarted and stalled in turn, and the count after.

A recording that was accepted must end as completed, or failed with a reason: once, and nowhere lost.
"""
