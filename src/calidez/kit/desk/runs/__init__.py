"""Work on records that a person asked for and may watch: steps for many records, spreadsheets, files of records."""
