"""The form of audio inside the engine: 16 kHz mono float32 in [-1, 1]."""

from typing import Final

import numpy as np
import numpy.typing as npt

Audio = npt.NDArray[np.float32]

SAMPLE_RATE: Final = 16_000
