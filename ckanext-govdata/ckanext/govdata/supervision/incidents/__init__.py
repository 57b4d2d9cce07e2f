"""Security incidents, the plan for them, and drills (HBP-14, QD-19)."""
