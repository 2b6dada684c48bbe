//! Hex as people give it: on the command line or on standard input, grouped as they like.

use core::sync::atomic::{AtomicBool, Ordering};
use std::io::{self, IsTerminal, Read};

use serde_json::Value;

use super::unreadable;
use crate::batch::MAX_LINE;
use crate::failure::Failure;
use crate::hex;

/// The digits of an argument, or of standard input where it is `-`.
pub(super) fn read(name: &str, argument: &str) -> Result<String, Failure> {
    let text = if argument == "-" { standard_input()? } else { argument.to_owned() };
    hex::ungroup(&text).map_err(|failure| failure.of(name))
}

/// The digits of a key: as [`read`], but what `-` stands for on a terminal is asked for, and not shown while it is typed.
pub(super) fn secret(name: &str, argument: &str) -> Result<String, Failure> {
    if argument != "-" || !io::stdin().is_terminal() {
        return read(name, argument);
    }
    let typed = ask(name)?;
    hex::ungroup(&typed).map_err(|failure| failure.of(name))
}

/// What is typed on the terminal, without being shown.
pub(super) fn ask(name: &str) -> Result<String, Failure> {
    rpassword::prompt_password(format!("{name} (hex, not shown): "))
        .map_err(|error| unreadable(&error))
}

/// An argument that may be absent, as an operation's input.
pub(super) fn optional(name: &str, argument: Option<&str>) -> Result<Value, Failure> {
    Ok(argument.map(|argument| read(name, argument)).transpose()?.into())
}

/// All of standard input, once.
pub(super) fn standard_input() -> Result<String, Failure> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    if TAKEN.swap(true, Ordering::Relaxed) {
        // The second would be empty, and the answer one to another question.
        return Err(Failure::invalid("`-` stands for one argument only"));
    }
    let most = u64::try_from(MAX_LINE).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let mut input = io::stdin().lock().take(most.saturating_add(1));
    input.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() > MAX_LINE {
        return Err(Failure::new("input_too_long", format!("at most {MAX_LINE} bytes are read")));
    }
    // What is no text is no hex digit either: it is found there, at its place.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
