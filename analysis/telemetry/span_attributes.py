"""Names of our own span attributes."""

from typing import Final

JOB_ID: Final = "yousync.job_id"
