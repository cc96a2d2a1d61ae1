"""Groups of vectors that belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]


def residual(vectors: Vectors, direction: Vectors) -> Vectors:
    """Unit vectors without the part along ``direction`` (n, d): what they say beside the topic they share."""
    unit = direction / max(float(np.linalg.norm(direction)), 1e-9)
    rest = vectors - np.outer(vectors @ unit, unit)
    lengths = np.linalg.norm(rest, axis=1, keepdims=True)
    scaled: Vectors = (rest / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


def cluster(vectors: Vectors, fewest: int, most: int, smallest: int) -> Labels:
    """Label each unit vector with its group, from 0; between ``fewest`` and ``most`` groups, where the data allow.

    Ward linkage; the number of groups is the one of the best mean silhouette (Rousseeuw 1987) among those whose groups have
    at least ``smallest`` members, small groups being joined to the nearest large one first.
    """
    count = len(vectors)
    if count < 2 * smallest:
        return np.zeros(count, dtype=np.int64)
    tree = linkage(vectors, method="ward")
    similarity = vectors @ vectors.T
    best: tuple[float, Labels] | None = None
    for groups in range(fewest, 3 * most + 1):
        labels = _absorbed(vectors, fcluster(tree, groups, criterion="maxclust").astype(np.int64), smallest)
        found = len(set(labels.tolist()))
        if found > most:
            break
        # Several plain angles read better than two broad ones: a mild push towards more groups.
        score = _silhouette(similarity, labels) + 0.01 * found
        if found >= min(fewest, count // smallest) and (best is None or score > best[0] + 1e-9):
            best = (score, labels)
    if best is None:
        return _absorbed(vectors, fcluster(tree, fewest, criterion="maxclust").astype(np.int64), smallest)
    return best[1]


def centroids(vectors: Vectors, labels: Labels) -> Vectors:
    """The unit mean of each group, in the order of labels."""
    means = np.stack([vectors[labels == label].mean(axis=0) for label in sorted(set(labels.tolist()))])
    scaled: Vectors = (means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return scaled


def _absorbed(vectors: Vectors, labels: Labels, smallest: int) -> Labels:
    """Join each group below ``smallest`` to the nearest remaining one; renumber from 0."""
    labels = labels.copy()
    while True:
        names, sizes = np.unique(labels, return_counts=True)
        if len(names) == 1 or sizes.min() >= smallest:
            break
        least = names[int(sizes.argmin())]
        middle = centroids(vectors, labels)
        near = middle @ middle[int(np.where(names == least)[0][0])]
        near[int(np.where(names == least)[0][0])] = -2.0
        labels[labels == least] = names[int(near.argmax())]
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _silhouette(similarity: Vectors, labels: Labels) -> float:
    names = sorted(set(labels.tolist()))
    if len(names) < 2:
        return -1.0
    distance = 1.0 - similarity
    means = np.stack([distance[:, labels == name].sum(axis=1) for name in names], axis=1)
    sizes = np.array([(labels == name).sum() for name in names])
    own = labels
    rows = np.arange(len(labels))
    inner = means[rows, own] / np.maximum(sizes[own] - 1, 1)
    outer = means / sizes
    outer[rows, own] = np.inf
    nearest = outer.min(axis=1)
    return float(np.mean((nearest - inner) / np.maximum(np.maximum(nearest, inner), 1e-9)))
