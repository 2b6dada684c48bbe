//! What is told of an error and of a secret.

use core::fmt::{Debug, Display};

/// Asserts that an error has a name for programs, and one line for people that shows no more than a short number.
pub(crate) fn assert_told(name: &str, error: &(impl Display + Debug)) {
    let in_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    assert!(!name.is_empty() && name.bytes().all(in_name), "{name}");
    let shown = error.to_string();
    assert!(!shown.is_empty() && !shown.contains('\n') && !shown.ends_with('.'), "{shown}");
    for shown in [shown, format!("{error:?}")] {
        let longest = shown.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        assert!(longest <= Some(6), "{shown}");
    }
}

/// Asserts that what has to be hidden shows its type alone.
pub(crate) fn assert_hidden(secret: &impl Debug, shown: &str) {
    assert_eq!(format!("{secret:?}"), shown);
}
