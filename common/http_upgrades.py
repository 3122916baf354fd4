"""Offers to change the protocol (RFC 9110, section 7.8) that this service does not take up, such as `Upgrade: h2c`.

Java's HttpClient and `curl --http2` make that offer with every first request. A server may ignore it; httptools takes
it for accepted: it ends the request behind its head, and would read the body as the next request.
"""

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class UpgradeIgnoringProtocol(HttpToolsProtocol):
    """One connection, on which a request that offers another protocol is taken as if it did not.

    The head of such a request is discarded, and parsed again without its `Upgrade`. A connection that uvicorn does
    upgrade (WebSocket, where a library for it is installed) is left to it, and so is CONNECT.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_discarded = False
        self.renew_parser()

    def renew_parser(self) -> "_ResumingParser":
        """Replaces the parser by one that expects a head, and returns it."""
        self.parser = parser = _ResumingParser(self)
        # As uvicorn: a client may send more behind a request with `Connection: close`.
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser

    def on_headers_complete(self) -> None:
        self._is_discarded = self.parser.should_upgrade() and self._is_ignored()
        if not self._is_discarded:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self._is_discarded:
            super().on_message_complete()

    def take_discarded_head(self) -> bytes:
        """Returns the head that was discarded, without the offer, once; empty if none was."""
        if not self._is_discarded:
            return b""
        self._is_discarded = False
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    def _is_ignored(self) -> bool:
        return not self._should_upgrade() and self.parser.get_method() != b"CONNECT"


class _ResumingParser(httptools.HttpRequestParser):
    """The parser of a connection. Where an offer is ignored, a new parser takes its place: after a request that closes
    the connection, the old one would discard whatever follows.
    """

    def __init__(self, protocol: UpgradeIgnoringProtocol) -> None:
        super().__init__(protocol)
        self._protocol = protocol

    def feed_data(self, data: Any) -> None:
        feed = httptools.HttpRequestParser.feed_data
        parser = self
        while True:
            try:
                feed(parser, data)
                return
            except httptools.HttpParserUpgrade as offer:
                head = self._protocol.take_discarded_head()
                if not head:
                    raise
                data = memoryview(data)[offer.args[0] :]
            parser = self._protocol.renew_parser()
            feed(parser, head)
