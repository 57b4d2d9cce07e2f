"""Risk that remains in the result: classes, suppression, measures, generalisation, grade."""

from anonymize.risk.bounds import Bounds
from anonymize.risk.grade import GRADES, grade
from anonymize.risk.groups import Groups
from anonymize.risk.measures import Risk, measure
from anonymize.risk.reach import Generalised, reach
from anonymize.risk.suppression import Suppression, plan_suppression

__all__ = [
    "GRADES",
    "Bounds",
    "Generalised",
    "Groups",
    "Risk",
    "Suppression",
    "grade",
    "measure",
    "plan_suppression",
    "reach",
]
