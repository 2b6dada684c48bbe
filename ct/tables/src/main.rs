//! The checks that go through tables, with the crate `des` itself: its lookups have to be reported, and nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    ct::main(ct::Build::WithTables)
}
