"""Risk that remains in the result: equivalence classes, suppression, measures, grade."""

from anonymize.risk.grade import GRADES, grade
from anonymize.risk.groups import Groups
from anonymize.risk.measures import Risk, measure
from anonymize.risk.suppression import Suppression, plan_suppression

__all__ = ["GRADES", "Groups", "Risk", "Suppression", "grade", "measure", "plan_suppression"]
