"""An S3 store (SeaweedFS) as a child process."""

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.embedded.server import EmbeddedError, EmbeddedServer, dies_with_parent, is_free

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CORSConfigurationTypeDef

CORS_ORIGINS = ("http://localhost:3000", "https://yousync.link")
GRPC_OFFSET = 10_000
# Large enough to be stored in a volume: a small object is stored with its metadata, and would prove nothing.
PROBE_KEY, PROBE_BYTES = ".ready", 64 * 1024


@dataclass(frozen=True)
class S3Account:
    """The address, keys and name of a bucket."""

    endpoint_url: str
    access_key_id: str
    secret_access_key: str
    bucket: str
    region: str

    def environment(self) -> dict[str, str]:
        """The environment variables that make the API server use this bucket."""
        return {
            "S3_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "S3_BUCKET_NAME": self.bucket,
            "AWS_REGION": self.region,
        }

    def client(self) -> "S3Client":
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=1,
            read_timeout=8,
            retries={"total_max_attempts": 1},
        )
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            region_name=self.region,
            config=config,
        )


class EmbeddedS3(EmbeddedServer):
    """SeaweedFS on 127.0.0.1 with one private bucket that browsers may use from `cors_origins`."""

    name = "s3"
    stop_signal = signal.SIGTERM

    def __init__(
        self,
        data_dir: Path | str,
        *,
        log_path: Path | None = None,
        bucket: str = "yousync",
        region: str = "ap-northeast-2",
        cors_origins: Sequence[str] = CORS_ORIGINS,
    ) -> None:
        super().__init__(data_dir, log_path=log_path)
        self._bucket = bucket
        self._region = region
        self._cors_origins = list(cors_origins)

    def start(self) -> S3Account:
        """Starts the server, waits until it stores objects, and returns the account of the bucket."""
        self.launch()
        self.wait_ready()
        return self.account

    @property
    def account(self) -> S3Account:
        return S3Account(
            endpoint_url=f"http://127.0.0.1:{self.port}",
            access_key_id=self._secret("access_key_id", 10),
            secret_access_key=self._secret("secret_access_key"),
            bucket=self._bucket,
            region=self._region,
        )

    def _ports(self, port: int) -> dict[str, int]:
        return {name: port + offset for offset, name in enumerate(("s3", "filer", "master", "volume", "admin"))}

    def _is_usable(self, port: int) -> bool:
        # We cannot remove a socket file of another user, and with it the server does not start.
        every = self._ports(port).values()
        return all(is_free(p) and is_free(p + GRPC_OFFSET) for p in every) and not self._socket_files(port)

    def _socket_files(self, port: int) -> list[Path]:
        names = [f"seaweedfs-{name}-grpc-{p + GRPC_OFFSET}.sock" for name, p in self._ports(port).items()]
        return [path for name in names if (path := Path("/tmp") / name).exists()]  # noqa: S108 - fixed in SeaweedFS

    def _command(self) -> list[str]:
        # Relative paths, because the path of a Unix socket is limited to 107 characters.
        command = [
            _weed_binary(),
            "-logtostderr=true",
            "mini",
            "-dir",
            "data",
            "-ip",
            "127.0.0.1",
            "-ip.bind",
            "127.0.0.1",
        ]
        command += ["-master.telemetry=false", "-webdav=false", "-admin.ui=false", "-s3.autoCreateBucket=false"]
        command += ["-s3.port.iceberg", "0", "-s3.port.lance", "0", "-volume.preStopSeconds", "0"]
        command += [
            "-s3.localSocket",
            "run/s3.sock",
            "-filer.localSocket",
            "run/filer.sock",
            "-bucket",
            self._bucket,
        ]
        command += [word for name, port in self._ports(self.port).items() for word in (f"-{name}.port", str(port))]
        return [*dies_with_parent(self.stop_signal), *command]

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.data_dir),
            "TMPDIR": "run",
            "AWS_ACCESS_KEY_ID": self.account.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.account.secret_access_key,
        }

    def _prepare(self) -> None:
        for folder in ("run", "data"):
            (self.data_dir / folder).mkdir(exist_ok=True, mode=0o700)
        last_port = self._load_state().get("port")
        if last_port and all(is_free(port) for port in self._ports(last_port).values()):
            self._remove_socket_files(last_port)

    def _complete_start(self) -> bool:
        """Also reads what the last start wrote: for a moment after a restart the store can write but not read."""
        client = self.account.client()
        try:
            self._read_probe(client)
            client.put_object(Bucket=self._bucket, Key=PROBE_KEY, Body=b"x" * PROBE_BYTES)
            if self._read_probe(client) != PROBE_BYTES:
                return False
            client.put_bucket_cors(Bucket=self._bucket, CORSConfiguration=self._cors_rules())
        except (BotoCoreError, ClientError):
            return False
        finally:
            client.close()
        return True

    def _read_probe(self, client: "S3Client") -> int:
        try:
            return len(client.get_object(Bucket=self._bucket, Key=PROBE_KEY)["Body"].read())
        except client.exceptions.NoSuchKey:
            return 0

    def _cors_rules(self) -> "CORSConfigurationTypeDef":
        # Without a rule this store answers requests from every origin.
        return {
            "CORSRules": [
                {
                    "AllowedOrigins": self._cors_origins,
                    "AllowedMethods": ["GET", "HEAD", "PUT", "POST"],
                    "AllowedHeaders": ["*"],
                    "ExposeHeaders": ["ETag", "Content-Range", "Accept-Ranges"],
                    "MaxAgeSeconds": 3600,
                }
            ]
        }

    def _reap(self) -> None:
        super()._reap()
        self._remove_socket_files(self.port)

    def _remove_socket_files(self, port: int) -> None:
        for path in self._socket_files(port):
            with contextlib.suppress(OSError):
                path.unlink()


def _weed_binary() -> str:
    beside = Path(sys.executable).parent / "weed"
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise EmbeddedError("SeaweedFS was not found: run `make set-up`, or set S3_ENDPOINT_URL to your own store")
    return found
