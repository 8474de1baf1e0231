"""名簿の取込: bytes → sheets → entries → the plan that a person agrees to → the roster, and back.

- `workbook`, `delimited` Excel and CSV as sheets of cells; `sheets` chooses between them
- `headings` which column holds what; `values` how one cell is written; `entries` whole rows, or why not
- `standing` the roster as it is; `comparing` the plan: what the file would change
- `applying` the plan into the roster, `undoing` back; `refused` the file of what was not taken; `loads` a load's life
"""
