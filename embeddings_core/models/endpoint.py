"""The operator's own endpoint: an OpenAI-compatible `/v1/embeddings` (Ollama, TEI, vLLM, llama.cpp) on a computer of theirs.

Off unless whoever starts the server names it in a variable. Texts go to this computer, or to a host that the operator lists,
and nowhere else: no redirect is followed, no proxy is asked, no key is sent. What comes back is read as numbers, within limits
of time and size.
"""

import ipaddress
import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import numpy as np

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.limits import (
    DIMENSIONS,
    ENDPOINT_BATCH,
    ENDPOINT_BYTES,
    ENDPOINT_SECONDS,
    ENDPOINT_WAIT_SECONDS,
)
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray

if TYPE_CHECKING:
    from http.client import HTTPResponse

ADDRESS = "EMBEDDINGS_VISUALIZER_ENDPOINT"  # http://127.0.0.1:11434/v1
MODEL = "EMBEDDINGS_VISUALIZER_ENDPOINT_MODEL"  # what the endpoint calls its model
HOSTS = "EMBEDDINGS_VISUALIZER_ENDPOINT_HOSTS"  # hosts beside this computer that may be asked, with commas between
ID = "endpoint:"
NAME_CHARACTERS = 100
PAGE = "what its operator says"


@dataclass(frozen=True)
class Endpoint:
    """Where texts are sent, and the name of the model that reads them there."""

    secure: bool
    host: str
    port: int
    path: str
    model: str

    @property
    def place(self) -> str:
        """The host and port, and whether that is this computer."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{shown}:{self.port}{' on this computer' if on_this_computer(self.host) else ''}"

    @property
    def id(self) -> str:
        """Names it among models; another place or another model is another id."""
        return f"{ID}{self.host}:{self.port}/{self.model}"


def on_this_computer(host: str) -> bool:
    """Tell whether a host is the loopback: its name, or an address of it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def named_endpoint() -> Endpoint | None:
    """Return the endpoint that the environment names, whether or not it may be asked; None where there is none to ask."""
    model = "".join(each for each in os.environ.get(MODEL, "") if each.isprintable()).strip()[
        :NAME_CHARACTERS
    ]
    try:
        parts = urlsplit(os.environ.get(ADDRESS, "").strip())
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or not model:
        return None
    return Endpoint(parts.scheme == "https", parts.hostname, port, _path(parts), model)


def _path(parts: SplitResult) -> str:
    base = parts.path.rstrip("/")
    return base if base.endswith("/embeddings") else f"{base or '/v1'}/embeddings"


def allowed(host: str) -> bool:
    """Tell whether texts may be sent to a host: this computer, or one that the operator lists."""
    listed = {each.strip().lower() for each in os.environ.get(HOSTS, "").split(",")}
    return on_this_computer(host) or host in listed - {""}


def endpoint_row() -> ModelSpec | None:
    """Return the row of the named endpoint for the menus; None where none is named."""
    endpoint = named_endpoint()
    if endpoint is None:
        return None
    refused = (
        ""
        if allowed(endpoint.host)
        else f"{endpoint.host} is neither this computer nor among the hosts that {HOSTS} lists."
    )
    return ModelSpec(
        id=endpoint.id, title=f"own endpoint: {endpoint.model}", family="Endpoint", modality="text", dimensions=0,
        load=load_endpoint, bundled=True, licence=PAGE, paper=PAGE, custom=True, refused=refused,
        note=f"Each text is sent to {endpoint.place}, as it is, and nowhere else.",
    )  # fmt: skip


def load_endpoint(spec: ModelSpec) -> Encoder:
    """Return an encoder that asks the endpoint; raise ModelUnavailableError where it is no longer named or not allowed."""
    endpoint = named_endpoint()
    if endpoint is None or endpoint.id != spec.id or not allowed(endpoint.host):
        raise ModelUnavailableError(f"{spec.title} is not offered by whoever runs this server.")
    return EndpointEncoder(endpoint)


class EndpointEncoder:
    """Texts → (n, d) float32, by the endpoint, in batches; `seconds` is what one batch may take."""

    def __init__(self, endpoint: Endpoint, *, seconds: float = ENDPOINT_SECONDS) -> None:
        self.endpoint, self.seconds = endpoint, seconds
        self.dimensions = 0  # of the first answer; all others have as many

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts; raise ModelUnavailableError in a sentence where an answer is not one vector a text."""
        starts = range(0, len(items), ENDPOINT_BATCH)
        parts = [
            self._batch([str(item) for item in items[start : start + ENDPOINT_BATCH]]) for start in starts
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), dtype=np.float32)

    def _batch(self, texts: list[str]) -> FloatArray:
        asked = {"model": self.endpoint.model, "input": texts, "encoding_format": "float"}
        try:
            answer = json.loads(self._ask(json.dumps(asked).encode()))
            numbered = sorted((int(each["index"]), each["embedding"]) for each in answer["data"])
            rows = [row for _, row in numbered]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise self._failed("its answer is no list of embeddings") from None
        if [number for number, _ in numbered] != list(range(len(texts))):
            raise self._failed(f"{len(texts)} texts were sent, and {len(rows)} vectors came back")
        sizes = {len(row) if isinstance(row, list) else 0 for row in rows} | ({self.dimensions} - {0})
        if len(sizes) != 1 or not 0 < min(sizes) <= DIMENSIONS:
            raise self._failed(
                f"its vectors do not have one size between 1 and {DIMENSIONS:,} ({', '.join(map(str, sorted(sizes)))})"
            )
        numbers = all(type(value) in (int, float) and math.isfinite(value) for row in rows for value in row)
        with np.errstate(over="ignore"):
            vectors = (
                np.asarray(rows, dtype=np.float32) if numbers else np.full((1, 1), np.nan, dtype=np.float32)
            )
        if not np.isfinite(vectors).all():
            raise self._failed("its vectors hold something other than finite numbers")
        self.dimensions = vectors.shape[1]
        return vectors

    def _ask(self, body: bytes) -> bytes:
        """Post one batch and return what comes back; time and size are limited, and nothing is followed."""
        from http.client import HTTPConnection, HTTPException, HTTPSConnection

        place, end = self.endpoint, time.monotonic() + self.seconds
        kind = (
            HTTPSConnection if place.secure else HTTPConnection
        )  # straight to the host: these know no proxy
        connection = kind(place.host, place.port, timeout=min(ENDPOINT_WAIT_SECONDS, self.seconds))
        try:
            connection.connect()
            if on_this_computer(place.host) and not on_this_computer(connection.sock.getpeername()[0]):
                raise self._failed("its name leads away from this computer")
            connection.request(
                "POST", place.path, body, {"Content-Type": "application/json", "Accept": "application/json"}
            )
            connection.sock.settimeout(
                max(end - time.monotonic(), 0.01)
            )  # a large model thinks for long before it answers
            with connection.getresponse() as answer:
                if 300 <= answer.status < 400:
                    raise self._failed("it answers with a redirect, and none is followed")
                if answer.status != 200:
                    raise self._failed(f"it answers with the status {answer.status}")
                return self._read(answer, end)
        except TimeoutError:
            raise self._failed(f"it did not answer within {self.seconds:g} seconds") from None
        except (OSError, HTTPException):
            raise self._failed("it does not answer") from None
        finally:
            connection.close()

    def _read(self, answer: "HTTPResponse", end: float) -> bytes:
        parts, size = [], 0
        while part := answer.read1(2**16):
            size += len(part)
            if size > ENDPOINT_BYTES:
                raise self._failed(f"its answer has more than {ENDPOINT_BYTES // 2**20} MB, the limit here")
            if time.monotonic() > end:
                raise TimeoutError
            parts.append(part)
        return b"".join(parts)

    def _failed(self, why: str) -> ModelUnavailableError:
        return ModelUnavailableError(
            f"The endpoint at {self.endpoint.place} could not be used: {why}. Choose another model."
        )
