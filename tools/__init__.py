"""Commands for builders and operators: backup, bench, chaos, fuzz, generated documents, audits."""
