"""`make chaos`: breaks real servers and what is around them under load, and then checks every job.

Every accepted recording must end exactly once, as completed or as failed with a reason, and none may be lost.
"""
