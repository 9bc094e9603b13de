"""Industry coding: the industry of a unit from its business scope and its name, with calibrated probabilities."""
