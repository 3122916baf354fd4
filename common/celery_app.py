"""The settings of Celery that both servers share: JSON, late acknowledgement, one task at a time, no results."""

from collections.abc import Mapping
from typing import Any

from celery import Celery


def make_celery(
    name: str, redis_url: str, *, queue: str, transport: Mapping[str, Any], connect_timeout_s: float, **changes: Any
) -> Celery:
    """Returns a Celery app on one Redis.

    transport: options of the broker, e.g. global_keyprefix, visibility_timeout (s), socket_timeout (s). A worker's read
    blocks for a second at a time, so its socket_timeout has to be longer.
    connect_timeout_s: for the connection to Redis.
    changes: further settings of Celery.
    """
    app = Celery(name, broker=redis_url, set_as_current=False)
    app.conf.update(
        task_default_queue=queue,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        broker_connection_timeout=3.0,
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "socket_connect_timeout": connect_timeout_s,
            "health_check_interval": 10,
            **transport,
        },
        **changes,
    )
    return app
