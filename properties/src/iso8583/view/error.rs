//! An error against the one that is due.

use iso8583_wire::{Error, ErrorKind};

use crate::iso8583::twin::{Fault, Wrong};

/// No length, offset or field number has more digits, and no telling part of a card number has so few.
const MOST_DIGITS_IN_A_ROW: usize = 6;

/// Asserts that an error is the one that is due, and shows nothing of the input but a tag.
pub(super) fn assert_refused(error: &Error, (wrong, offset, path): &Fault) {
    match (error.kind(), wrong) {
        (ErrorKind::InvalidCharacter { class, index }, Wrong::Character(expected, places)) => {
            assert_eq!(class, *expected);
            assert!(places.contains(&index.into()), "{index} where {places:?} was due");
        }
        (kind, Wrong::Is(expected)) => assert_eq!(kind, *expected, "{path}"),
        (kind, wrong) => panic!("{kind:?} where {wrong:?} was due"),
    }
    assert_eq!((usize::try_from(error.offset()), error.path()), (Ok(*offset), *path));
    let shown = error.to_string();
    assert_eq!(shown, shown.to_lowercase());
    for shown in [shown, format!("{error:?}")] {
        assert!(shown.is_ascii() && !shown.contains('\n'), "{shown}");
        let longest = shown.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        assert!(longest <= Some(MOST_DIGITS_IN_A_ROW), "{shown}");
    }
    let name = error.kind().as_str();
    assert!(name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()), "{name}");
}
