"""The exchange workbook: a whole project as sheets, read with every error named, then saved."""
