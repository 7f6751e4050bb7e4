"""Files of tensors (.safetensors): a directory in JSON, then the numbers; those of 16 and 8 bits that NumPy lacks are read, too."""

import json
from typing import Any

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError

LENGTH = 8  # bytes that say how long the directory is
PLAIN = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip
FLOAT8 = {
    "F8_E4M3": (4, False),
    "F8_E5M2": (5, True),
}  # bits of the exponent, and whether infinity can be written
DAMAGED = "This file of tensors is damaged or was cut off; save it again."


def tensors(content: bytes) -> dict[str, np.ndarray]:
    """Return the tensors of a file by name, those of bfloat16 and float8 as float32; nothing in it is run.

    Raises BadInputError for a file that is damaged, or holds a kind of number that nobody here reads.
    """
    length = int.from_bytes(content[:LENGTH], "little")
    try:
        directory = json.loads(content[LENGTH : LENGTH + length])
        directory.pop("__metadata__", None)
        numbers = memoryview(content)[LENGTH + length :]
        if sum(np.diff(told["data_offsets"])[0] for told in directory.values()) > len(numbers):
            raise ValueError("tensors that lie over one another")  # a small file would become a large one
        return {name: _tensor(numbers, told) for name, told in directory.items()}
    except DAMAGE as error:
        raise BadInputError(DAMAGED) from error


def _tensor(numbers: memoryview, told: dict[str, Any]) -> np.ndarray:
    start, end = (int(place) for place in told["data_offsets"])
    kind, shape = str(told["dtype"]), tuple(int(side) for side in told["shape"])
    if not 0 <= start <= end <= len(numbers) or min(shape, default=0) < 0:
        raise ValueError("a tensor outside the file")
    part = numbers[start:end]
    if kind in PLAIN:
        return np.frombuffer(part, PLAIN[kind]).reshape(shape)
    if kind == "BF16":  # the upper half of a float32
        return (np.frombuffer(part, "<u2").astype("<u4") << 16).view("<f4").reshape(shape)
    if kind in FLOAT8:
        return _float8(*FLOAT8[kind])[np.frombuffer(part, np.uint8)].reshape(shape)
    raise BadInputError(
        f"This file holds numbers of the kind {kind[:20]}, which is not read here; save it as float32."
    )


def _float8(bits: int, infinite: bool) -> np.ndarray:
    """Return what each of the 256 bytes stands for, with so many `bits` of exponent (Micikevicius et al. 2022)."""
    code = np.arange(256)
    fraction_bits = 7 - bits
    exponent = (code >> fraction_bits) & (2**bits - 1)
    fraction = (code & (2**fraction_bits - 1)) / 2**fraction_bits
    bias = 2 ** (bits - 1) - 1
    value = np.where(exponent == 0, fraction * 2.0 ** (1 - bias), (1 + fraction) * 2.0 ** (exponent - bias))
    if infinite:
        value[exponent == 2**bits - 1] = np.nan
        value[(exponent == 2**bits - 1) & (fraction == 0)] = np.inf
    else:
        value[(code & 127) == 127] = np.nan
    signed: np.ndarray = np.where(code & 128, -value, value).astype(np.float32)
    return signed
