"""Learned languages, one package each.

To add one, write a package like `english` whose `profile.py` builds a `LanguageProfile`, fit its rescoring model
(`python -m analysis.eval.fit`), and add the profile to `registry.PROFILES`. No other module names a language.
"""
