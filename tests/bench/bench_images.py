"""Pictures to vectors against the plain library calls, side by side in one process: CPU seconds and cosines.

Run: python tests/bench/bench_images.py [threads]
"""

import io
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

THREADS = int(sys.argv[1]) if "".join(sys.argv[1:2]).isdigit() else 2
os.environ["EMBEDDINGS_VISUALIZER_THREADS"] = str(THREADS)
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

from embeddings_core.models.efficientnet import lite0_file  # noqa: E402
from embeddings_core.models.preprocessing import BATCH, batches  # noqa: E402
from embeddings_core.models.registry import load_encoder  # noqa: E402
from embeddings_core.models.runtime import ready_torch  # noqa: E402
from embeddings_core.pictures.files import open_images  # noqa: E402
from embeddings_core.pictures.samples import digit_pixels, sample_photographs  # noqa: E402

ROUNDS = 5


def timed(ways: dict[str, Callable[[], object]], *, rounds: int = ROUNDS) -> dict[str, float]:
    """Median CPU seconds of each way, interleaved."""
    for way in ways.values():
        way()
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.process_time()
            way()
            spent[name].append(time.process_time() - start)
    return {name: float(np.median(times)) for name, times in spent.items()}


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """The smallest cosine of matching rows."""
    return float(((a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)).min())


def report(title: str, times: dict[str, float], baseline: float) -> None:
    print(f"\n{title}")
    for name, seconds in times.items():
        print(f"  {name:<44} {seconds:8.3f} core-s   {baseline / seconds:5.2f} × as fast")


def memory() -> float:
    """Megabytes now in use by this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def photographs() -> list[bytes]:
    """Real photographs enlarged to 12 megapixels, JPEG quality 90."""
    found = []
    for file in sample_photographs():
        if file.group in ("people", "animals", "things", "vehicles", "places", "plants"):
            large = (
                Image.open(io.BytesIO(file.content))
                .convert("RGB")
                .resize((4000, 3000), Image.Resampling.BICUBIC)
            )
            buffer = io.BytesIO()
            large.save(buffer, "JPEG", quality=90)
            found.append(buffer.getvalue())
    return found


def bench_memory(contents: list[bytes]) -> None:
    """200 photographs of 12 megapixels from disk through the bundled network, before torch is ever loaded."""
    encoder = load_encoder("efficientnet-lite0")
    encoder([contents[0]] * BATCH)
    before = memory()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(200):
            paths.append(Path(folder) / f"{number}.jpg")
            paths[-1].write_bytes(contents[number % len(contents)] + number.to_bytes(2, "big"))
        peak = before
        for start in range(0, 200, BATCH):
            encoder(paths[start : start + BATCH])
            peak = max(peak, memory())
        direct = peak - before
        batch = open_images((path.name, path) for path in paths)
        peak = max(peak, memory())
        encoder(batch.files)
        kept = sum(len(file.content) for file in batch.files) / 2**20
        thumbnails = sum(len(file.thumbnail) for file in batch.files) / 2**20
    high = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n200 photographs of 12 megapixels: idle {before:.0f} MB, +{direct:.0f} MB while embedded from files,"
    )
    print(
        f"  highest ever {high:.0f} MB (+{high - before:.0f}); kept copies {kept:.1f} MB, thumbnails {thumbnails:.2f} MB"
    )


def bench_network() -> None:
    torch = ready_torch()
    import timm

    torch.set_num_threads(THREADS)
    model = timm.create_model("tf_efficientnet_lite0").eval()
    weights = torch.load(lite0_file(), weights_only=True)
    model.load_state_dict(dict(zip(model.state_dict(), weights.values(), strict=True)))
    encoder = load_encoder("efficientnet-lite0").inner
    pictures = list(sample_photographs()) * 10
    pixels = list(batches(pictures[:200], encoder.preprocessing))  # type: ignore[attr-defined]
    tensors = [torch.from_numpy(batch) for batch in pixels]

    def plain(size: int) -> np.ndarray:
        with torch.inference_mode():
            parts = [part for batch in tensors for part in batch.split(size)]
            return torch.cat(
                [model.forward_head(model.forward_features(x), pre_logits=True) for x in parts]
            ).numpy()

    def ours(network: Any) -> np.ndarray:
        return np.concatenate([network.run(batch, "features") for batch in pixels])

    ways = {
        "torch float32, batch 1": lambda: plain(1),
        "torch float32, batch 8": lambda: plain(8),
        "ours": lambda: ours(encoder),
    }
    if find_spec("openvino") is not None:
        faster = load_encoder("efficientnet-lite0-bfloat16").inner
        ways["ours, bfloat16 (OpenVINO)"] = lambda: ours(faster)
    times = timed(ways, rounds=3)
    report(f"Bundled network, 200 pictures, {THREADS} threads", times, min(list(times.values())[:2]))
    for name in list(ways)[2:]:
        print(f"  smallest cosine with torch, {name}: {cosine(plain(8), ways[name]()):.6f}")


def bench_photographs(contents: list[bytes]) -> None:
    import timm

    ready_torch()
    encoder = load_encoder("efficientnet-lite0")
    configuration = timm.data.resolve_data_config({}, model="tf_efficientnet_lite0")
    configuration.update(mean=(0.5,) * 3, std=(0.5,) * 3, crop_pct=0.875, interpolation="bicubic")
    transform = timm.data.create_transform(**configuration, is_training=False)

    def plain() -> list[np.ndarray]:
        return [transform(Image.open(io.BytesIO(content)).convert("RGB")).numpy() for content in contents]

    def ours() -> list[np.ndarray]:
        return list(batches(contents, encoder.inner.preprocessing))  # type: ignore[attr-defined]

    def upload() -> object:
        return open_images((str(number), content) for number, content in enumerate(contents))

    times = timed(
        {
            "Image.open, convert, timm's transform": plain,
            "ours": ours,
            "a whole upload: check, copy, thumbnail": upload,
        },
        rounds=3,
    )
    report(f"{len(contents)} photographs of 12 megapixels to pixels", times, next(iter(times.values())))
    whole = [Image.open(io.BytesIO(content)).convert("RGB") for content in contents]
    full, draft = encoder(whole), encoder(contents)
    copies = encoder(open_images((str(n), content) for n, content in enumerate(contents)).files)
    print(
        f"  smallest cosine with the whole picture: {cosine(full, draft):.4f}, from kept copies {cosine(full, copies):.4f}"
    )


def bench_digits() -> None:
    images, labels = digit_pixels()
    pictures = [Image.fromarray(image).convert("RGB") for image in images]
    print("\n5 nearest neighbours on 1,797 digits (leave one out), share right:")
    for name in ("pixels", "colours", "efficientnet-lite0"):
        vectors = load_encoder(name)(pictures)
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        scores = vectors @ vectors.T
        np.fill_diagonal(scores, -2)
        nearest = labels[np.argsort(-scores, axis=1)[:, :5]]
        guesses = np.array([np.bincount(row, minlength=10).argmax() for row in nearest])
        print(f"  {name:<44} {(guesses == labels).mean():.3f}")


if __name__ == "__main__":
    photos = photographs()
    print(f"{len(photos)} photographs, {np.mean([len(p) for p in photos]) / 1e6:.2f} MB each")
    bench_memory(photos)
    bench_network()
    bench_photographs(photos)
    bench_digits()
