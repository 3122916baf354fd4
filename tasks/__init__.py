"""Work that no request waits for: the sweeper of an API process, and Celery workers. Imports `container` and below."""
