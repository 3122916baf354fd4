"""English: lines for the fit and the evaluation, synthetic voices, alphabets of synthesizers, wrong sounds."""
