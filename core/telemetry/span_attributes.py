"""Names of our own span attributes."""

JOB_ID, REQUEST_ID = "yousync.job_id", "yousync.request_id"
