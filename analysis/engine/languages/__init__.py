"""Learned languages, one package each.

To add one, write a package like `english` whose `profile.py` builds a `LanguageProfile` and whose `speech_models.py`
loads its trained models, add the profile to `registry.PROFILES`, and fit its rescoring model
(`python -m analysis.eval.fit --language TAG`, with lines and voices in `analysis.eval.languages`). NOTICE in its folder
names the authors and licences of its models. No other module names a language.
"""
