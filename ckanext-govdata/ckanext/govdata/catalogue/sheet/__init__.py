"""The catalogue as an Excel workbook: the national form in and out."""
