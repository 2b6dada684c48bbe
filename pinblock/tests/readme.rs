//! What README.md says about names of formats is so.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what it expects by panicking"
)]

use pinblock::Format;

/// What stands between backquotes.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn the_table_of_names_is_whole() {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("| name | module |").unwrap();
    let rows: Vec<&str> = rest.lines().skip(2).take_while(|row| row.starts_with('|')).collect();
    assert_eq!(rows.len(), Format::ALL.len());
    for (format, row) in Format::ALL.into_iter().zip(rows) {
        let cells: Vec<&str> = row.split('|').collect();
        assert_eq!(quoted(cells[1]).collect::<Vec<_>>(), [format.as_str()]);
        let mut others: Vec<&str> = cells[3..].iter().flat_map(|cell| quoted(cell)).collect();
        assert!(others.iter().all(|name| name.parse() == Ok(format)), "{format}");
        let mut aliases = format.aliases().to_vec();
        others.sort_unstable();
        aliases.sort_unstable();
        assert_eq!(others, aliases, "{format}");
    }
}
