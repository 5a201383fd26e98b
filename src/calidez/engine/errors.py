"""Every refusal of the engine carries a code and named values, so that a page can say it in the user's language."""

from __future__ import annotations

from collections.abc import Mapping

CODES: dict[str, str] = {
    # The file as a whole.
    "missing_file": "The file %(name)s does not exist or cannot be opened.",
    "empty_file": "The file %(name)s is empty.",
    "no_rows": "The file %(name)s has a header but no rows.",
    "binary_file": "The file %(name)s is not a table: it holds binary data.",
    "no_table": "The file %(name)s holds text, but no table: its rows do not have the cells that the first one names. Load a file with one row for each fact and the same columns in all.",
    "markup_file": "The file %(name)s is a web page (HTML or XML), whatever its name says: many systems export one as Excel. Open it with a spreadsheet program, save it as .xlsx or CSV, and load that.",
    "json_document": "The file %(name)s is JSON, but not one object in each line. Export it as JSON lines or as CSV.",
    "no_workbook": "The file %(name)s is a package of other files (ZIP) and no workbook. Unpack it, and load the table that is in it.",
    "packed_other": "The file %(name)s is packed with gzip, and what it holds is no text. Unpack it, and load what is in it.",
    "unknown_format": "The format of the file %(name)s is not known. Use CSV, Excel, Parquet or JSON lines.",
    "truncated_file": "The file %(name)s is cut short or damaged. Export or upload it again.",
    "unreadable_file": "The file %(name)s cannot be read as a table. Open it with the program that wrote it, save it as .xlsx or CSV, and load that.",
    "protected_file": "The file %(name)s is protected by a password. Save it without one and load it again.",
    "wrong_encoding": "The file %(name)s is not in the encoding %(encoding)s: line %(line)s cannot be read.",
    "unknown_encoding": "The encoding %(encoding)s is not known.",
    "no_heading_row": "The file %(name)s has no row %(row)s that could hold headings. Choose another row.",
    "sheets_differ": "The sheets %(sheet)s and %(other)s of %(name)s do not have the same headings, so they cannot be read as one table. Read one of them.",
    "unknown_reading": "Nothing is called %(name)s in how a file is read; there are: %(names)s.",
    "bad_reading": "In how the file is read, %(name)s cannot be %(value)s.",
    "missing_sheet": "The file %(name)s has no sheet called %(sheet)s.",
    "too_many_columns": "The file %(name)s has %(columns)s columns; at most %(limit)s can be read.",
    "too_large": "The file %(name)s unpacks to more than %(limit)s: far more than a table of its size holds. Unpack it yourself and look at what is in it; then load the parts that you need.",
    "far_cell": "The sheet %(sheet)s of %(name)s reaches to cell %(cell)s, more than can be read: most likely a stray value far from the table. Delete the empty rows below and the empty columns beside the table, or copy the table alone into a new workbook; then save it and load it again.",
    "sheet_too_large": "The sheet %(sheet)s of %(name)s has %(rows)s rows and %(columns)s columns, more than can be read. Delete what does not belong to the table, or save the sheet as CSV and load that.",
    "too_many_rows_declared": "The file %(name)s says that it has %(rows)s rows, far more than a file of its size holds. Look at how it was made, and export it again.",
    "too_many_parts": "The file %(name)s is a package of more than %(limit)s parts, far more than a workbook has. Save the sheet as CSV and load that.",
    "too_many_rows": "The file %(name)s has more than %(limit)s rows: split it.",
    "cell_too_long": "A cell of the file %(name)s, in row %(row)s, has more than %(limit)s characters. Shorten it, or leave its column out, and load the file again.",
    "heading_too_long": "The heading of column %(column)s in %(name)s has more than %(limit)s characters. Give the column a short name, or say that the first row is data.",
    "heading_unreadable": "The heading of column %(column)s in %(name)s holds a character that no name can have. Rename the column and load the file again.",
    "no_stream": "This is no Arrow stream, or it is cut short.",
    # A file of records.
    "no_records": "Records come as CSV or Excel (.xlsx); this file is something else.",
    "unreadable_letters": "The letters of this file cannot be read. Save it as “CSV UTF-8” and upload it again.",
    "broken_off": "After row %(row)s the file breaks off: a quotation mark is not closed.",
    # JSON from outside.
    "json_malformed": "The content is not valid JSON.",
    "json_too_deep": "The content is nested deeper than %(limit)s levels.",
    "json_too_many_names": "An object in the content has more than %(limit)s names.",
    "json_twice": "The name “%(key)s” stands twice in one object.",
    "json_number": "%(number)s is no number that can be kept.",
    "json_characters": "A text holds a character that cannot be kept: half a character, or the null character.",
    # The process that read it was ended.
    "too_much_memory": "The file %(name)s takes more memory to read than there is for one file. Split it; a workbook also takes less when its sheet is saved as CSV.",
    "too_long": "The file %(name)s takes longer to read than there is time for one file. Split it; a workbook is also read faster when its sheet is saved as CSV.",
    "reader_broke": "The file %(name)s is damaged in a way that broke off its reading. Open it with the program that wrote it, save it anew and load that.",
    "reader_busy": "Other files are being read at this moment. Wait a minute, then try again with the file %(name)s.",
    "unterminated_quote": "A quotation mark opened in row %(row)s of %(name)s is never closed.",
    "file_changed": "The file %(name)s changed while it was being read. Load it again.",
    "disk_full": "There is no space left on the disk. Nothing was loaded.",
    "storage_failed": "The data folder cannot be written: %(detail)s. Nothing was loaded.",
    "came_meanwhile": "Meanwhile another file came into the dataset %(dataset)s. Nothing was changed; look again at what would change.",
    "not_removed": "The load could not be taken back: the data folder cannot be written. All of its rows are still there.",
    "cancelled": "The load was cancelled. Nothing was loaded.",
    "busy": "Another load into the dataset %(dataset)s is still running.",
    # The mapping and the dataset.
    "missing_column": "The file %(name)s has no column called %(column)s.",
    "date_order_needed": "Say whether the dates of the column %(column)s are day/month or month/day.",
    "bad_date_form": "%(form)s does not say how a date is written: use day DD, month MM (or MMM for its name), year YYYY or YY, hours hh, minutes mm and seconds ss, as in DD.MM.YYYY hh:mm.",
    "unknown_zone": "The time zone %(zone)s is not known.",
    "bad_name": "The name %(name)s is not allowed: use lower-case letters, digits and underscores.",
    "bad_schema": "How the columns are read was kept in a form that cannot be understood: %(detail)s",
    "column_twice": "Two columns have the same name: %(column)s.",
    "role_twice": "More than one column says the same of each row, its %(role)s: %(columns)s.",
    "time_no_date": "The column %(column)s is the time of each row, and so must be a date or a date and time.",
    # A mapping that somebody wrote, each with the place at which it stands.
    "place_missing": "it is missing.",
    "place_no_object": "here belongs an object, in braces.",
    "place_no_list": "here belongs a list, in square brackets.",
    "place_no_text": "here belongs a text, in quotation marks.",
    "place_no_boolean": "here belongs true or false, without quotation marks.",
    "place_no_whole_number": "here belongs a whole number, without quotation marks.",
    "place_unknown": "this name means nothing here; there are: %(known)s.",
    "place_unknown_near": "this name means nothing here. Did you mean %(nearest)s?",
    "place_value": "“%(value)s” is not among what may stand here: %(known)s.",
    "place_value_near": "“%(value)s” is not among what may stand here. Did you mean %(nearest)s?",
    "schema_mismatch": "The column %(column)s does not agree with the dataset.",
    "dataset_exists": "The dataset %(dataset)s already exists.",
    "dataset_missing": "The dataset %(dataset)s does not exist.",
    "dataset_damaged": "The dataset %(dataset)s cannot be read: %(detail)s",
    "dataset_file_missing": "The file %(file)s of the dataset %(dataset)s is missing from the data folder, and its rows with it. Restore it from a backup; calidez check names all that is missing.",
    "batch_missing": "The dataset %(dataset)s has no batch %(batch)s.",
    # One cell or one row: written to the reject file, counted in the report.
    "bad_integer": "The value is not a whole number.",
    "bad_number": "The value is not a number.",
    "bad_boolean": "The value is neither yes nor no.",
    "bad_date": "This day does not exist, or day, month and year stand in another order.",
    "bad_timestamp": "This day or time does not exist, or day, month and year stand in another order.",
    "required_empty": "It is empty, and every row needs it.",
    "unknown_branch": "The unit is not known.",
    "too_few_cells": "The row has fewer cells than the header.",
    "too_many_cells": "The row has more cells than the header.",
    "bad_quotes": "The quotation marks of the row are not closed.",
    "line_too_long": "The row is longer than can be read.",
    "bad_json": "The line is not a JSON object.",
    "key_conflict": "Another row of the file has the same key and other values; the first one was kept.",
    "known_changed": "The dataset already has a row with this key and other values.",
    # What was assumed of times without an offset.
    "clock_skipped": "Times that no clock showed, because it went forward in that night: %(count)s. They are taken later by what it went forward, 02:30 as 03:30.",
    "clock_twice": "Times that the clock showed twice, because it went back in that night: %(count)s. They are taken as the second of the two.",
    # What the inspection of a file points at.
    "ambiguous_dates": "The dates of the column %(column)s can be read as day/month and as month/day.",
    "ambiguous_digits": "The digits of the column %(column)s can be read as dates in several ways.",
    "ambiguous_durations": "The times of the column %(column)s can be hours and minutes, or minutes and seconds.",
    "year_alone": "The column %(column)s holds years alone, which are no dates.",
    "mixed_dates": "The dates of the column %(column)s are written in several ways.",
    "several_ways": "The dates of the column %(column)s are written in several ways, all of which are read: %(examples)s.",
    "misfits": "Values of the column %(column)s that do not fit its type: %(count)s.",
    "duplicate_header": "Several columns are called %(column)s; the later ones were renamed.",
    "empty_header": "Column %(position)s has no name; it was given one.",
    "repeated_rows": "Repeated rows in the file: %(count)s. Declare a key so that they count once.",
    "ragged_rows": "Rows with more or fewer cells than the header: %(count)s.",
    "formulas": "The column %(column)s holds text that a spreadsheet would run as a formula.",
    "named_otherwise": "Its name says something else, but what the file holds is %(format)s, and so it was read.",
    "titles_skipped": "Rows above the headings that are not read: %(count)s. The headings stand in row %(row)s.",
    "headings_joined": "The headings stand in several rows (%(rows)s), and were joined.",
    "sheets_joined": "Several sheets have the same headings and are read as one table: %(sheets)s.",
    "sheets_beside": "Sheets that are not read: %(sheets)s.",
    "formulas_without_result": "Formulas that were saved without a result, and are empty here: %(count)s (%(cells)s). Open the file in the spreadsheet program, save it there, and load it again.",
    "error_cells": "Cells with an error in place of a value, and empty here: %(count)s (%(cells)s).",
    "merged_down": "Cells filled from the merged cell above them: %(count)s.",
    "merged_across": "Cells merged over several columns, of which only the first has the value: %(count)s (rows %(rows)s).",
    "totals_not_turned": "Columns that add up those that become rows are left out: %(columns)s.",
    "line_ends": "The lines of the file end in different ways; they were read as lines all the same.",
    "read_from_page": "The file is a web page that holds a table, as many systems export it under the name of Excel. Its largest table was read.",
    "read_from_xml": "The file is a workbook written as XML, under a name that says otherwise. It was read as one.",
    "sampled": "Only the first %(rows)s rows were examined.",
    # Expressions and definitions.
    "expression_empty": "The expression is empty.",
    "expression_too_long": "The expression is longer than %(limit)s characters.",
    "expression_too_deep": "The expression is nested too deeply.",
    "unexpected_character": "The character %(character)s is not expected here.",
    "unclosed_text": "A text or name opened here is never closed.",
    "unexpected_end": "The expression ends too early.",
    "took_too_long": "Reading the facts of %(dataset)s took too long.",
    "unexpected_token": "%(token)s is not expected here.",
    "unknown_column": "There is no column called %(column)s.",
    "unknown_column_near": "There is no column called %(column)s. Did you mean %(nearest)s?",
    "unquoted_text": "%(text)s is no column. If it is a value, put it in quotes: '%(text)s'.",
    "ambiguous_comma": "%(number)s can be one number or two. Write a point in a decimal, or separate the values with semicolons.",
    "unknown_function": "There is no function called %(function)s.",
    "wrong_arguments": "The function %(function)s takes other arguments.",
    "wrong_type": "%(found)s is given where %(expected)s is needed.",
    "bad_definition": "The indicator definition is not valid: %(detail)s",
    "needs_time": "The dataset has no time column, so nothing can be counted per period.",
    "different_dataset": "The definitions do not belong to the same dataset.",
    "unknown_dialect": "There is no compiler for the engine %(dialect)s.",
    "inexact": "%(dialect)s cannot compute %(measure)s exactly, and an approximation was not asked for.",
    "not_mergeable": "Exact percentiles cannot be merged over units or periods.",
}


class EngineError(Exception):
    """A refusal: `code` and `params` for the page, the English sentence as the message."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params: Mapping[str, object] = params
        super().__init__(CODES[code] % params)


class ExpressionError(EngineError):
    """An expression that cannot be read; `position` counts characters from 0."""

    def __init__(self, code: str, *, position: int, **params: object) -> None:
        self.position = position
        super().__init__(code, **params)
