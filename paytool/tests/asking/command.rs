//! `paytool` and its subcommands, run.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

pub(crate) const PAYTOOL: &str = env!("CARGO_BIN_EXE_paytool");
pub(crate) const PAN: &str = "4111111111111111";

/// Standard output, standard error, exit status.
pub(crate) fn run_with(input: &[u8], arguments: &[&str]) -> (String, String, i32) {
    let mut child = Command::new(PAYTOOL)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

pub(crate) fn run(arguments: &[&str]) -> (String, String, i32) {
    run_with(b"", arguments)
}

/// What a command prints that has to succeed.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let (out, err, status) = run(arguments);
    assert_eq!((err.as_str(), status), ("", 0), "{arguments:?}");
    out
}

pub(crate) fn parsed(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(arguments)).unwrap()
}
