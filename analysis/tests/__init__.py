"""Tests of the analysis server, in folders that mirror its packages; `support` holds their helpers."""
