"""The life of a recording from acceptance to its result. Imports `events`, `core`, and the data layer."""
