"""Data that nobody's are, in the shape of data that are asked for: to write a program before the agreement."""  # noqa: E501
