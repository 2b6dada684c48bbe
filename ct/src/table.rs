//! The README's table, so that it cannot say anything else than what the step holds.

use std::fmt::Write;

use crate::check::{Check, Tables};

pub(crate) fn markdown(checks: &[Check]) -> String {
    let mut table = String::from(
        "| operation | secret | own code | through a cipher's tables | may show |\n|---|---|---|---|---|\n",
    );
    for check in checks {
        let tables = match check.tables {
            Tables::None => "no",
            Tables::Des => "**`des` 0.9**",
            Tables::Sm4 => "**`sm4` 0.6**",
        };
        let mut shown = Vec::new();
        for line in &check.shown {
            if !shown.contains(&line.what) {
                shown.push(line.what);
            }
        }
        let Check { name, secret, .. } = check;
        let shown = shown.join(", ");
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {name} | {secret} | clean | {tables} | {shown} |");
    }
    table
}
