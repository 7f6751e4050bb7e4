"""Writes small files of 4-bit weights by the letter of their description, number by number; no code of ours that reads them."""

import struct

import numpy as np

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁a", "é", "猫", "▁")
D, HEADS, INNER, VOCABULARY, POSITIONS, TYPES = 32, 2, 64, 12, 8, 2


def quantised(numbers):
    """Q4_0 of (rows, columns): the bytes, and the numbers that they stand for."""
    written, meant = b"", np.zeros_like(numbers)
    for row in range(numbers.shape[0]):
        for start in range(0, numbers.shape[1], 32):
            block = numbers[row, start : start + 32]
            scale = np.float16(np.abs(block).max() / 7)
            whole = [min(max(round(float(x) / float(scale)) + 8, 0), 15) for x in block]
            written += struct.pack("<e", scale) + bytes(whole[j] | whole[j + 16] << 4 for j in range(16))
            meant[row, start : start + 32] = [np.float32(scale) * (w - 8) for w in whole]
    return written, meant


def tensors(layers):
    yield "emb.word", (VOCABULARY, D), True
    yield "emb.pos", (POSITIONS, D), False
    yield "emb.type", (TYPES, D), False
    yield "emb.ln.w", (D,), False
    yield "emb.ln.b", (D,), False
    for layer in range(layers):
        for name, shape in (
            ("q", (D, D)),
            ("k", (D, D)),
            ("v", (D, D)),
            ("ao", (D, D)),
            ("fi", (INNER, D)),
            ("fo", (D, INNER)),
        ):
            yield f"l{layer}.{name}.w", shape, True
            yield f"l{layer}.{name}.b", shape[:1], False
        for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
            yield f"l{layer}.{name}", (D,), False


def written(*, layers=1, change=None):
    """The bytes of a file and what its tensors mean. `change` takes the directory, [name, kind, numbers, start, length]
    a row, and alters it."""
    rng = np.random.default_rng(0)
    meant, parts, directory = {}, [], []
    for name, shape, packed in tensors(layers):
        numbers = rng.normal(size=shape).astype(np.float32)
        raw, meant[name] = quantised(numbers) if packed else (numbers.tobytes(), numbers)
        parts.append(raw)
        directory.append([name, int(packed), numbers.size, 0, len(raw)])
    letters = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, letters)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, -1, -2, -3, -4], dtype="<f4")
    replaced = {ord("\t"): " ", ord("½"): "1⁄2", ord("\x07"): ""}
    table = b"".join(
        struct.pack(f"<IB{len(to)}I", code, len(to), *map(ord, to)) for code, to in replaced.items()
    )
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, D, layers, HEADS, INNER, VOCABULARY, POSITIONS, TYPES, 1e-12, 32
    )
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(b"".join(letters)))
    head += offsets.tobytes() + scores.tobytes() + b"".join(letters)
    head += struct.pack("<iI", len(replaced), len(table)) + table + struct.pack("<i", len(directory))
    at = len(head) + sum(2 + len(name) + 21 for name, *_ in directory)
    body = b""
    for entry, raw in zip(directory, parts, strict=True):
        body += bytes(-(at + len(body)) % 64)
        entry[3] = at + len(body)
        body += raw
    if change is not None:
        change(directory)
    for name, *rest in directory:
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", *rest)
    return head + body, meant
