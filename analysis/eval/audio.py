"""Changes of recordings for the evaluation."""

import numpy as np

from analysis.engine.audio import Audio


def resample(samples: Audio, factor: float) -> Audio:
    """Changes the length by `factor`, band-limited. Adds silence at both ends, because the transform is circular."""
    if factor == 1.0:
        return samples
    padded = np.pad(samples.astype(np.float64), 512)
    length = round(len(padded) * factor)
    spectrum = np.fft.rfft(padded)
    bins = length // 2 + 1
    spectrum = spectrum[:bins] if bins <= len(spectrum) else np.pad(spectrum, (0, bins - len(spectrum)))
    changed: Audio = (np.fft.irfft(spectrum, length) * (length / len(padded))).astype(np.float32)
    return changed
