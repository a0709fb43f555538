//! CSV as RFC 4180 has it, in UTF-8 with a byte order mark, so that spreadsheets read it right, and without formulas.

/// What spreadsheets take for the begin of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table as text.
#[derive(Debug)]
pub(crate) struct Csv(String);

impl Csv {
    /// A table with these headings.
    pub(crate) fn new<'a>(headings: impl IntoIterator<Item = &'a str>) -> Self {
        let mut csv = Self(String::from('\u{feff}'));
        csv.row(headings);
        csv
    }

    /// Adds a row.
    pub(crate) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.0.push_str("\r\n");
    }

    /// A cell that would be a formula gets an apostrophe in front, which spreadsheets show as text.
    fn cell(&mut self, text: &str) {
        let harmless = if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() };
        if harmless.contains(['"', ',', '\r', '\n']) {
            self.0.push('"');
            self.0.push_str(&harmless.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(&harmless);
        }
    }

    /// All of it.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_lines_end_as_the_standard_says() {
        let mut csv = Csv::new(["name", "note"]);
        csv.row(["Gate, north", "say \"hi\""]);
        csv.row(["Двор", "two\nlines"]);
        assert_eq!(csv.finish(), "\u{feff}name,note\r\n\"Gate, north\",\"say \"\"hi\"\"\"\r\nДвор,\"two\nlines\"\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        let mut csv = Csv::new(["name"]);
        for cell in ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            csv.row([cell]);
        }
        let text = csv.finish();
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').split("\r\n").skip(1).collect();
        assert_eq!(lines[0], "\"'=HYPERLINK(\"\"http://x\"\")\"");
        assert_eq!(lines[1..4], ["'+1", "'-1", "'@SUM(A1)"]);
        assert!(text.contains("'\t=1") && text.contains("\"'\r=1\""));
    }
}
