"""The interface of a job queue, and its errors."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from analysis.contract import AnalyzeRequest
from analysis.queueing.jobs import Job


class QueueFullError(Exception):
    """The queue has no room for another job."""


class QueueUnavailableError(Exception):
    """The queue is on another machine, which cannot be reached."""


class StoppingError(Exception):
    """The server is shutting down."""


@dataclass(frozen=True)
class QueueLoad:
    """The number of waiting jobs, and of the engine processes that run them."""

    queued: int
    processes_ready: int
    processes: int


class JobQueue(ABC):
    """Accepts jobs and knows their state. Subclasses keep the jobs in memory or in Redis."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.stopping = False
        self._direct_requests = 0

    @property
    def retry_after_s(self) -> int:
        """Seconds after which to try a full queue again: short enough that it does not run empty meanwhile."""
        return max(1, min(5, self.size // 12))

    @contextmanager
    def direct_request(self) -> Iterator[None]:
        """Counts a request that is served at once instead of queued, at most `size` of them. Raises QueueFullError."""
        if self._direct_requests >= self.size:
            raise QueueFullError
        self._direct_requests += 1
        try:
            yield
        finally:
            self._direct_requests -= 1

    @abstractmethod
    async def submit(self, request: AnalyzeRequest) -> None:
        """Accepts a job once. The same id again changes nothing, unless that job failed for a reason that may pass.

        Raises QueueFullError, QueueUnavailableError or StoppingError.
        """

    @abstractmethod
    async def find(self, job_id: UUID) -> Job | None:
        """Returns a job that is waiting, running or kept after its end. Raises QueueUnavailableError."""

    @abstractmethod
    async def load(self) -> QueueLoad:
        """Returns the present load. Raises QueueUnavailableError."""

    @abstractmethod
    def start(self) -> None:
        """Starts to run jobs, when this process runs them."""

    @abstractmethod
    async def close(self) -> None:
        """Ends everything that `start` and `submit` have started."""
