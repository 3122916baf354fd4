"""Names of the span attributes that this server defines itself."""

from typing import Final

JOB_ID: Final = "yousync.job_id"
