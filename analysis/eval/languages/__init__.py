"""Lines, voices and usual errors of learned languages, one package each, as in `analysis.engine.languages`.

To add one, write a package like `english` whose `material.py` builds a `FitMaterial`, and add it to
`registry.MATERIALS`. The fit (`python -m analysis.eval.fit --language TAG`) names no language; the evaluation
(`python -m analysis.eval`) is that of English.
"""
