"""PostgreSQL, an S3 store and Valkey without Docker or system services, for development and tests.

    with EmbeddedPostgres(folder) as postgres: ... postgres.url
    with EmbeddedS3(folder) as s3: ... s3.account
    with EmbeddedValkey(folder) as valkey: ... valkey.url

Not for production: no replication, no backup, and the S3 store's inner ports trust this machine.
"""

from embedded.postgres import EmbeddedPostgres
from embedded.s3 import EmbeddedS3, S3Account
from embedded.server import EmbeddedError
from embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedError", "EmbeddedPostgres", "EmbeddedS3", "EmbeddedValkey", "S3Account"]
