//! What a value shows of itself.

use core::fmt::{self, Write};

use crate::{FieldRef, Sensitivity};

/// A shorter number with six and four digits shown could be guessed, one of its hidden digits being the check digit.
const SHORTEST_SHOWN_PAN: usize = 15;

/// Writes what the field's sensitivity allows.
///
/// Source: PCI DSS v4.0, requirement 3.4.1 (at most the BIN and the last four digits).
pub(crate) fn write(f: &mut fmt::Formatter<'_>, value: &FieldRef<'_, '_>) -> fmt::Result {
    if value.is_made_of_parts() {
        return write_parts(f, value);
    }
    let label = match value.sensitivity() {
        Sensitivity::Public => return value.characters().try_for_each(|c| f.write_char(shown(c))),
        Sensitivity::Pan => return write_pan(f, value),
        Sensitivity::Track => "track",
        Sensitivity::Pin => "pin",
        Sensitivity::Key => "key",
        Sensitivity::Cardholder => "cardholder",
        Sensitivity::Opaque => "opaque",
    };
    write!(f, "[{label}, length {}]", value.count())
}

/// A character that cannot change what stands around it in a log.
const fn shown(c: char) -> char {
    match c {
        '\0'..='\x1F' | '\x7F'..='\u{9F}' => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// Each part as its own definition allows.
///
/// Parts lie no deeper than the spec's own limit, so the recursion ends there.
fn write_parts(f: &mut fmt::Formatter<'_>, value: &FieldRef<'_, '_>) -> fmt::Result {
    f.write_char('{')?;
    for (position, part) in value.parts().enumerate() {
        let before = if position == 0 { "" } else { " " };
        write!(f, "{before}{}={part}", part.label())?;
    }
    f.write_char('}')
}

fn write_pan(f: &mut fmt::Formatter<'_>, value: &FieldRef<'_, '_>) -> fmt::Result {
    // A binary value counts bytes and shows two digits for each.
    let length = value.characters().len();
    let last_four = length.saturating_sub(4);
    let is_shown =
        |position: usize| length >= SHORTEST_SHOWN_PAN && (position < 6 || position >= last_four);
    value
        .characters()
        .enumerate()
        .try_for_each(|(position, c)| f.write_char(if is_shown(position) { shown(c) } else { '*' }))
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;
    use crate::{BitmapEncoding, Class, Field, MtiEncoding, Prefix, Spec};

    fn shown(sensitivity: Sensitivity, wire: &[u8]) -> alloc::string::String {
        let field = Field::variable(Class::Ans, Prefix::ascii(2), 40).sensitive(sensitivity);
        let table = [None, None, Some(field)];
        let spec = Spec::new("t", MtiEncoding::Ascii, BitmapEncoding::Binary, &table);
        FieldRef::new(&spec, 2, &field, wire).unwrap().to_string()
    }

    #[test]
    fn first_six_and_last_four_of_a_pan() {
        assert_eq!(shown(Sensitivity::Pan, b"164111111111111111"), "411111******1111");
        assert_eq!(shown(Sensitivity::Pan, b"15378282246310005"), "378282*****0005");
        assert_eq!(shown(Sensitivity::Pan, b"1430569309025904"), "**************");
        assert_eq!(shown(Sensitivity::Pan, b"196224240000000000001"), "622424*********0001");
    }

    #[test]
    fn nothing_but_the_length_of_the_rest() {
        for (sensitivity, text) in [
            (Sensitivity::Track, "[track, length 7]"),
            (Sensitivity::Pin, "[pin, length 7]"),
            (Sensitivity::Key, "[key, length 7]"),
            (Sensitivity::Cardholder, "[cardholder, length 7]"),
            (Sensitivity::Opaque, "[opaque, length 7]"),
            (Sensitivity::Public, "1234567"),
        ] {
            assert_eq!(shown(sensitivity, b"071234567"), text);
        }
    }
}
