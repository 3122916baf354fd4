"""`make chaos`: kills, restarts and stalls real servers under load, and then checks every job.

Every accepted recording must end exactly once, as completed or as failed with a reason, and none may be lost.
"""
