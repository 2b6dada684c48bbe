//! `paytool batch`, asked.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The answers to lines, all of them sent before any is read.
pub(crate) fn answers(lines: &[Vec<u8>]) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_paytool"))
        .arg("batch")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let requests = lines.join(&b'\n');
    let sender = std::thread::spawn(move || stdin.write_all(&requests).unwrap());
    let output = child.wait_with_output().unwrap();
    sender.join().unwrap();
    assert!(output.status.success(), "{}", output.status);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn ask(request: &Value) -> Value {
    answers(&[request.to_string().into_bytes()]).remove(0)
}
