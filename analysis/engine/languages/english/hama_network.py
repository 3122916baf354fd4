"""hama's acoustic network in numpy: the same weights and the same answers as its own engine, and the inner layers.

hama runs the network in one native call that returns log probabilities only. The rating of sounds needs the layers
below them, and numpy's matrix products compute the whole in about a tenth of the CPU time. The network is a small
Conformer (Gulati et al. 2020, "Conformer: convolution-augmented Transformer for speech recognition"): log mel spectrum,
one convolution of stride 2, four blocks of 144 channels, a projection to the tokens. hama's file of weights is part of
its package and has no published layout, so the release of hama is exact; `analysis/tests/engine/test_english_models.py`
compares the answers with those of hama's own engine.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.engine.activations import Floats32, gelu, layer_norm, sigmoid, silu, softmax

BLOCKS: Final = 4
WIDTH: Final = 144
_HEADS: Final = 4
_WINDOW: Final = 400
_HOP: Final = 160
_STRIDE: Final = 2
_KERNEL: Final = 31
_MEL_FLOOR: Final = 1e-10

_MAGIC: Final = b"HAMAPK"
_TYPES: Final = (np.dtype("<f4"), np.dtype("<f2"))
# The exporter named folded convolutions and transposed matrices by number, in the order of the blocks.
_FRONT_CONVOLUTION: Final = 801
_FIRST_CONVOLUTION: Final = 804
_CONVOLUTION_STEP: Final = 3
_FIRST_MATRIX: Final = 829
_MATRIX_STEP: Final = 9
_MATRICES: Final = {"ffn1.fc1": 0, "ffn1.fc2": 1, "attn.in_proj": 2, "attn.out_proj": 6, "ffn2.fc1": 7, "ffn2.fc2": 8}


class UnknownWeightsError(RuntimeError):
    """The file of weights does not have the layout of the supported release of hama."""


def read_weights(path: Path) -> dict[str, Floats32]:
    """Returns the arrays of a .hama file by name, as float32. Raises UnknownWeightsError for another layout."""
    content = path.read_bytes()
    if not content.startswith(_MAGIC):
        raise UnknownWeightsError(f"{path.name} does not start with {_MAGIC!r}")
    (count,) = struct.unpack_from("<I", content, 8)
    entries, at = [], 12
    for _ in range(count):
        entry, at = _read_entry(content, at)
        entries.append(entry)
    # Data follow the index, aligned; the last array ends with the file.
    start = len(content) - max((entry.offset + entry.size for entry in entries), default=0)
    return {entry.name: _read_array(content, entry, start) for entry in entries}


@dataclass(frozen=True)
class _Entry:
    """Place of one array within the data of a file, in bytes."""

    name: str
    type: np.dtype[np.floating]
    shape: tuple[int, ...]
    offset: int
    size: int


def _read_entry(content: bytes, at: int) -> tuple[_Entry, int]:
    """Returns the entry that starts at a byte of the index, and the byte after it."""
    (length,) = struct.unpack_from("<H", content, at)
    at += 2
    name = content[at : at + length].decode()
    kind, dimensions = content[at + length], content[at + length + 1]
    at += length + 2
    shape = struct.unpack_from(f"<{dimensions}I", content, at)
    offset, size = struct.unpack_from("<QQ", content, at + 4 * dimensions)
    return _Entry(name, _TYPES[kind], shape, offset, size), at + 4 * dimensions + 16


def _read_array(content: bytes, entry: _Entry, start: int) -> Floats32:
    flat = np.frombuffer(content, entry.type, int(np.prod(entry.shape)), start + entry.offset)
    return flat.reshape(entry.shape).astype(np.float32)


@dataclass(frozen=True)
class Linear:
    """An affine map of rows: `weight` (inputs, outputs), `bias` (outputs,)."""

    weight: Floats32
    bias: Floats32

    def __call__(self, rows: Floats32) -> Floats32:
        """Returns (n, outputs) for rows (n, inputs)."""
        mapped: Floats32 = rows @ self.weight + self.bias
        return mapped


@dataclass(frozen=True)
class Norm:
    """Layer normalization of rows: `gain` and `bias` (channels,)."""

    gain: Floats32
    bias: Floats32

    def __call__(self, rows: Floats32) -> Floats32:
        """Returns (n, channels) for rows (n, channels)."""
        return layer_norm(rows, self.gain, self.bias)


@dataclass(frozen=True)
class Block:
    """One Conformer block over frames (T, 144)."""

    norms: dict[str, Norm]
    linears: dict[str, Linear]
    kernel: Floats32
    kernel_bias: Floats32

    def __call__(self, frames: Floats32) -> Floats32:
        """Returns the frames after both halves of the feed-forward layer, attention and convolution."""
        frames = frames + np.float32(0.5) * self._feed_forward("ffn1", frames)
        frames = frames + self._attend(self.norms["attn_norm"](frames))
        frames = frames + self._convolve(self.norms["conv.norm"](frames))
        frames = frames + np.float32(0.5) * self._feed_forward("ffn2", frames)
        return self.norms["norm"](frames)

    def _feed_forward(self, name: str, frames: Floats32) -> Floats32:
        inner = silu(self.linears[f"{name}.fc1"](self.norms[f"{name}.norm"](frames)))
        return self.linears[f"{name}.fc2"](inner)

    def _attend(self, frames: Floats32) -> Floats32:
        count = len(frames)
        queries, keys, values = (
            part.reshape(count, _HEADS, -1).transpose(1, 0, 2)
            for part in np.split(self.linears["attn.in_proj"](frames), 3, axis=1)
        )
        weights = softmax(queries @ keys.transpose(0, 2, 1) * np.float32((WIDTH // _HEADS) ** -0.5))
        return self.linears["attn.out_proj"]((weights @ values).transpose(1, 0, 2).reshape(count, WIDTH))

    def _convolve(self, frames: Floats32) -> Floats32:
        linear, gate = np.split(self.linears["conv.pointwise1"](frames), 2, axis=1)
        padded = np.pad(linear * sigmoid(gate), ((_KERNEL // 2, _KERNEL // 2), (0, 0)))
        mixed = np.zeros_like(frames)
        for tap in range(_KERNEL):
            mixed += padded[tap : tap + len(frames)] * self.kernel[tap]
        return self.linears["conv.pointwise2"](silu(mixed + self.kernel_bias))


@dataclass(frozen=True)
class Network:
    """The loaded network."""

    spectrum: tuple[Floats32, Floats32]
    mel: Floats32
    front: Linear
    blocks: tuple[Block, ...]
    projection: Linear

    def __call__(self, audio: Floats32) -> tuple[Floats32, Floats32]:
        """Returns log probabilities (T, tokens) and the output of every block (T, blocks, 144), a row for 20 ms."""
        frames = self._front_end(audio)
        layers = np.empty((len(frames), len(self.blocks), WIDTH), dtype=np.float32)
        for at, block in enumerate(self.blocks):
            frames = block(frames)
            layers[:, at] = frames
        scores = self.projection(frames)
        scores -= scores.max(axis=1, keepdims=True)
        return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), layers

    def _front_end(self, audio: Floats32) -> Floats32:
        """Returns frames (T, 144) of the log mel spectrum after the first convolution."""
        padded = np.pad(audio, _WINDOW // 2, mode="reflect")
        pieces = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
        real, imaginary = (pieces @ kernel for kernel in self.spectrum)
        mel = np.log(np.maximum((real * real + imaginary * imaginary) @ self.mel, np.float32(_MEL_FLOOR)))
        around = np.lib.stride_tricks.sliding_window_view(np.pad(mel, ((1, 1), (0, 0))), 3, axis=0)[::_STRIDE]
        return gelu(self.front(around.reshape(len(around), -1)))


def load(path: Path) -> Network:
    """Reads the network. Raises UnknownWeightsError when the file is of another release."""
    arrays = read_weights(path)
    try:
        return _build(arrays)
    except KeyError as error:
        raise UnknownWeightsError(f"{path.name} has no array {error}") from error


def _build(arrays: dict[str, Floats32]) -> Network:
    model = "acoustic_model.model"
    spectrum = tuple(np.ascontiguousarray(arrays[f"stft_{part}_kernel"][:, 0].T) for part in ("real", "imag"))
    front = arrays[f"onnx::Conv_{_FRONT_CONVOLUTION}"]
    return Network(
        (spectrum[0], spectrum[1]),
        arrays["mel_fb"],
        Linear(_transposed(front.reshape(WIDTH, -1)), arrays[f"onnx::Conv_{_FRONT_CONVOLUTION + 1}"]),
        tuple(_build_block(arrays, f"{model}.blocks.{at}", at) for at in range(BLOCKS)),
        Linear(_transposed(arrays[f"{model}.proj.weight"][:, :, 0]), arrays[f"{model}.proj.bias"]),
    )


def _build_block(arrays: dict[str, Floats32], prefix: str, at: int) -> Block:
    names = ("ffn1.norm", "attn_norm", "conv.norm", "ffn2.norm", "norm")
    norms = {name: Norm(arrays[f"{prefix}.{name}.weight"], arrays[f"{prefix}.{name}.bias"]) for name in names}
    linears = {}
    for name, number in _MATRICES.items():
        bias = "attn.in_proj_bias" if name == "attn.in_proj" else f"{name}.bias"
        matrix = arrays[f"onnx::MatMul_{_FIRST_MATRIX + _MATRIX_STEP * at + number}"]
        linears[name] = Linear(matrix, arrays[f"{prefix}.{bias}"])
    for name in ("conv.pointwise1", "conv.pointwise2"):
        linears[name] = Linear(_transposed(arrays[f"{prefix}.{name}.weight"][:, :, 0]), arrays[f"{prefix}.{name}.bias"])
    number = _FIRST_CONVOLUTION + _CONVOLUTION_STEP * at
    kernel = np.ascontiguousarray(arrays[f"onnx::Conv_{number}"][:, 0].T)
    return Block(norms, linears, kernel, arrays[f"onnx::Conv_{number + 1}"])


def _transposed(matrix: Floats32) -> Floats32:
    return np.ascontiguousarray(matrix.T)
