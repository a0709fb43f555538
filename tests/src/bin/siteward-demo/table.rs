//! A plain text table, columns as wide as their widest cell.

/// Prints rows under their headings.
pub(crate) fn print(headings: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        let heading = headings.get(column).map_or(0, |heading| heading.chars().count());
        cells.chain([heading]).max().unwrap_or(0)
    };
    let line = |cells: Vec<&str>| {
        let padded: Vec<String> =
            cells.iter().enumerate().map(|(column, cell)| format!("{cell:<width$}", width = width(column))).collect();
        println!("  {}", padded.join("  ").trim_end());
    };
    line(headings.to_vec());
    println!("  {}", "─".repeat((0..headings.len()).map(|column| width(column) + 2).sum::<usize>().saturating_sub(2)));
    for row in rows {
        line(row.iter().map(String::as_str).collect());
    }
}
