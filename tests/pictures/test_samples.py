"""The bundled pictures: what is read directly is what the package itself gives."""

import numpy as np

from embeddings_core.pictures.samples import digit_pixels, sample_images


def test_the_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    truth = load_digits()
    pixels, labels = digit_pixels()
    assert (pixels == np.rint(255.0 - truth.images * (255.0 / 16.0))).all() and (labels == truth.target).all()


def test_names_and_contents_are_distinct_and_sources_given() -> None:
    files = sample_images()
    assert len(files) >= 40
    assert len({file.name for file in files}) == len({file.digest for file in files}) == len(files)
    assert all(file.source and file.group for file in files)
