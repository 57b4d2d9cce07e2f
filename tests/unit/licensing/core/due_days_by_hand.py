"""When periods of working days end, figured by hand from what the State Council announced for each year.

(day of the event, working days, last day, provisional). The notices on arrangements of holidays say which
days are off and which Saturdays and Sundays are worked; the comments repeat them. Nothing here was
computed by the code under test.
"""

from __future__ import annotations

BY_HAND: list[tuple[str, int, str, bool]] = [
    # 2023: Spring Festival 21–27 January with 28 and 29 worked; Qingming 5 April; Labour Day 29 April – 3 May
    # with 23 April and 6 May worked; Dragon Boat 22–24 June with 25 worked; Mid-Autumn and National Day
    # 29 September – 6 October with 7 and 8 October worked
    ("2023-01-20", 1, "2023-01-28", False),
    ("2023-01-20", 3, "2023-01-30", False),
    ("2023-04-04", 1, "2023-04-06", False),
    ("2023-04-21", 1, "2023-04-23", False),
    ("2023-04-28", 3, "2023-05-06", False),
    ("2023-06-21", 2, "2023-06-26", False),
    ("2023-09-28", 1, "2023-10-07", False),
    ("2023-09-28", 10, "2023-10-18", False),
    # 2024: New Year's Day 1 January; Spring Festival 10–17 February with 4 and 18 worked; Qingming 4–6 April
    # with 7 worked; Labour Day 1–5 May with 28 April and 11 May worked; Dragon Boat 10 June; Mid-Autumn
    # 15–17 September with 14 worked; National Day 1–7 October with 29 September and 12 October worked
    ("2023-12-29", 1, "2024-01-02", False),
    ("2024-02-02", 1, "2024-02-04", False),
    ("2024-02-09", 1, "2024-02-18", False),
    ("2024-02-05", 5, "2024-02-18", False),
    ("2024-02-05", 15, "2024-03-01", False),
    ("2024-04-03", 2, "2024-04-08", False),
    ("2024-04-26", 1, "2024-04-28", False),
    ("2024-04-30", 5, "2024-05-10", False),
    ("2024-05-10", 1, "2024-05-11", False),
    ("2024-06-07", 1, "2024-06-11", False),
    ("2024-09-13", 1, "2024-09-14", False),
    ("2024-09-14", 1, "2024-09-18", False),
    ("2024-09-27", 1, "2024-09-29", False),
    ("2024-09-30", 5, "2024-10-12", False),
    # 2025: New Year's Day 1 January; Spring Festival 28 January – 4 February with 26 January and 8 February
    # worked; Qingming 4–6 April; Labour Day 1–5 May with 27 April worked; Dragon Boat 31 May – 2 June;
    # National Day and Mid-Autumn 1–8 October with 28 September and 11 October worked
    ("2024-12-31", 1, "2025-01-02", False),
    ("2024-12-24", 20, "2025-01-22", False),
    ("2025-01-20", 15, "2025-02-14", False),
    ("2025-01-24", 1, "2025-01-26", False),
    ("2025-01-27", 1, "2025-02-05", False),
    ("2025-01-27", 4, "2025-02-08", False),
    ("2025-03-03", 3, "2025-03-06", False),  # a plain week
    ("2025-03-06", 3, "2025-03-11", False),  # over a weekend
    ("2025-04-03", 1, "2025-04-07", False),
    ("2025-04-25", 1, "2025-04-27", False),
    ("2025-04-30", 1, "2025-05-06", False),
    ("2025-05-01", 3, "2025-05-08", False),  # what comes in on a holiday
    ("2025-05-30", 1, "2025-06-03", False),
    ("2025-06-20", 10, "2025-07-04", False),
    ("2025-09-25", 3, "2025-09-29", False),
    ("2025-09-30", 1, "2025-10-09", False),
    ("2025-09-30", 3, "2025-10-11", False),
    ("2025-09-30", 10, "2025-10-21", False),
    ("2025-10-01", 1, "2025-10-09", False),
    ("2025-11-07", 15, "2025-11-28", False),
    # 2026: New Year's Day 1–3 January with 4 worked; Spring Festival 15–23 February with 14 and 28 worked;
    # Qingming 4–6 April; Labour Day 1–5 May with 9 worked; Dragon Boat 19–21 June; Mid-Autumn 25–27
    # September; National Day 1–7 October with 20 September and 10 October worked
    ("2025-12-26", 5, "2026-01-05", False),
    ("2025-12-31", 1, "2026-01-04", False),
    ("2025-12-31", 3, "2026-01-06", False),
    ("2026-01-28", 20, "2026-03-03", False),
    ("2026-02-11", 10, "2026-03-03", False),
    ("2026-02-13", 1, "2026-02-14", False),
    ("2026-02-14", 1, "2026-02-24", False),
    ("2026-02-27", 1, "2026-02-28", False),
    ("2026-04-03", 1, "2026-04-07", False),
    ("2026-04-30", 4, "2026-05-09", False),
    ("2026-05-08", 1, "2026-05-09", False),
    ("2026-06-18", 1, "2026-06-22", False),
    ("2026-09-18", 1, "2026-09-20", False),
    ("2026-09-18", 10, "2026-10-09", False),
    ("2026-09-24", 1, "2026-09-28", False),
    ("2026-09-30", 1, "2026-10-08", False),
    ("2026-09-30", 3, "2026-10-10", False),
    # 2027 not announced: weekdays alone, and marked
    ("2026-12-18", 9, "2026-12-31", False),  # does not reach it
    ("2026-12-31", 1, "2027-01-01", True),
    ("2026-12-28", 10, "2027-01-11", True),
    ("2026-12-24", 20, "2027-01-21", True),
    ("2027-02-05", 1, "2027-02-08", True),
    ("2027-09-30", 1, "2027-10-01", True),
]
