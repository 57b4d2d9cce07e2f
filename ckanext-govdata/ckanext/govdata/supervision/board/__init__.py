"""The clock board (电子监察): every statutory clock of the platform, with its lamp, in one place.

The facts stay where the cases are: in the licensing library, in the trails of requests and complaints, in
the register of duties. A round of the scheduler reads what has changed (:mod:`.sources`), and one writer
keeps the gathered clocks and their counts together (:mod:`.projection`), so that a board of 100,000 clocks
is read as fast as one of 1,000.

Article: JS-32 (green, yellow, red; warned before the end), HB-26 (overdue cases go to the administrator).
"""
