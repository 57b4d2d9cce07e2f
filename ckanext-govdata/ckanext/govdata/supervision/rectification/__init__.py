"""Rectification (整改): a finding, a notice with a deadline, the reply, the inspection, or the report upward.

Article: HB-31, QD-27, TZ-21, JS-33, SX-23; HB-26 (overdue cases and outages start one).
"""
