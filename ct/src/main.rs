//! All checks, with their controls. DES is the one without tables.

use std::process::ExitCode;

fn main() -> ExitCode {
    ct::main(ct::Build::WithoutTables)
}
