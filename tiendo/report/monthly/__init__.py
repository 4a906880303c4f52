"""The monthly report of a place: a Word document and an Excel workbook from templates an office can edit."""
