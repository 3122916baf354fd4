#!/usr/bin/env bash
# Most expect: a grapheme-to-phoneme model of 2 MB spells a word in some milliseconds, spent in its network.
# What happens: most of the time goes into the vocabulary. `Vocabulary.encoder_token_to_id` is a property that makes a
# dict of all 19,750 tokens, and the tokenizer reads it twice for each letter: a word of ten letters makes it 21 times.
# With the same maps made once, the same phones come about four times as fast.
# Versions: hama 1.7.0, numpy 2.4.6.
# Why it matters: a line that is heard for the first time in a process costs as much for the spelling of its words as for
# listening to it, and a benchmark that repeats one line does not show it, since callers cache words.
# Source: hama/vocab.py and hama/tokenizer.py of the package; its documentation does not mention the cost.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check hama==1.7.0 numpy==2.4.6
cd "$folder"
OPENBLAS_NUM_THREADS=1 "$folder/venv/bin/python" - <<'PYTHON'
import sys
import time
from importlib.metadata import version
from types import SimpleNamespace

from hama import G2PModel
from hama.vocab import Vocabulary

WORDS = ("hesitation", "wonderland", "background", "friendship", "impossible", "restaurant")
print("hama", version("hama"))
model = G2PModel()
vocabulary = model.vocab
model.predict("warm")

made = 0
original = Vocabulary.encoder_token_to_id.fget


def counted(self: Vocabulary) -> dict[str, int]:
    global made
    made += 1
    return original(self)


Vocabulary.encoder_token_to_id = property(counted)


def spell() -> tuple[list[list[str]], float]:
    began = time.process_time()
    phones = [[step.phoneme for step in model.predict(word).alignments] for word in WORDS]
    return phones, (time.process_time() - began) / len(WORDS)


plain, plain_s = min((spell() for _ in range(3)), key=lambda one: one[1])
per_word = made / 3 / len(WORDS)
names = ("encoder", "decoder", "encoder_token_to_id", "decoder_token_to_id", "pad_id", "sos_id", "eos_id")
fixed = SimpleNamespace(**{name: getattr(vocabulary, name) for name in names})
model.vocab = model.tokenizer.vocab = fixed
once, once_s = min((spell() for _ in range(3)), key=lambda one: one[1])
print(f"{len(vocabulary.encoder):,} tokens; maps made for a word of ten letters: {per_word:.0f}")
print(f"CPU for a word: {1000 * plain_s:.1f} ms as installed, {1000 * once_s:.1f} ms with maps made once")
if plain != once:
    sys.exit("changed: the phones differ")
if per_word < 20 or plain_s < 2 * once_s:
    sys.exit("changed: the vocabulary is no longer made for each letter, or costs little")
print("holds: the vocabulary is made again for each letter")
PYTHON
