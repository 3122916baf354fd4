"""PostgreSQL, an S3 store and a broker without Docker or system services, for development and tests.

    with EmbeddedPostgres(folder) as postgres: ... postgres.url
    with EmbeddedS3(folder) as s3: ... s3.account
    with EmbeddedBroker(folder) as broker: ... broker.settings

Not for production: no replication, no backup, and the S3 store's internal ports trust every process on this machine.
"""

from local.embedded.broker import EmbeddedBroker
from local.embedded.postgres import EmbeddedPostgres
from local.embedded.s3 import EmbeddedS3, S3Account
from local.embedded.server import EmbeddedError
from local.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedBroker", "EmbeddedError", "EmbeddedPostgres", "EmbeddedS3", "EmbeddedValkey", "S3Account"]
