"""Synthetic studies with known effects, written as the export files a real study would receive."""

from pipelines.synthetic.cohort import Cohort, simulate
from pipelines.synthetic.recipe import Effect, Recipe, load_recipe
from pipelines.synthetic.truth import Truth
from pipelines.synthetic.write import write_study

__all__ = ["Cohort", "Effect", "Recipe", "Truth", "load_recipe", "simulate", "write_study"]
