"""English as Korean speakers learn it: phones, pronunciations, text normalisation, tips, and fitted weights."""
