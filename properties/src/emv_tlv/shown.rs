use emv_tlv::{
    Exposed, MaskedValue, Padding, Tlv, Walk,
    dictionary::{Sensitivity, lookup},
};

use crate::choices::hex;

/// Showing any object shows of its value what its sensitivity allows.
///
/// The bytes are walked leniently. All of a public value is shown, the first six and last four digits of a card number, and of
/// everything else the length; of what the dictionary does not know as well, if a card number could be in it.
pub fn tlv_shown(data: &[u8]) {
    for object in Walk::new(data).padding(Padding::Lenient).map_while(Result::ok) {
        let shown = format!("{} {}", object.tag(), shown(&object));
        assert_eq!(object.to_string(), shown);
        assert_eq!(format!("{} {}", object.tag(), object.masked_value()), shown);
        assert_eq!(format!("{object:?}"), format!("Tlv({shown})"));
        assert_doubted(&object, &shown);
        let exposed = format!("{} {}", object.tag(), hex(object.value()));
        assert_eq!(Exposed(&object).to_string(), exposed);
    }
}

/// A value that is doubted shows no more, and of what could be a card number its length alone, with its tag before it, too.
fn assert_doubted(object: &Tlv<'_>, shown: &str) {
    let (tag, value) = (object.tag(), object.value());
    let length = format!("({} byte{})", value.len(), if value.len() == 1 { "" } else { "s" });
    for doubted in [object.doubted_value(), MaskedValue::doubted(tag, value)] {
        let text = doubted.to_string();
        assert!(text == length || shown.ends_with(&text), "{text}");
        let is_public = lookup(tag).is_none_or(|entry| entry.sensitivity == Sensitivity::Public);
        assert!(!(is_public && may_hold_a_card_number(value)) || text == length);
        assert_eq!(format!("{doubted:?}"), format!("MaskedValue({text})"));
        assert_eq!(Exposed(&doubted).to_string(), hex(value));
        assert_eq!(format!("{:?}", Exposed(&doubted)), format!("Exposed({})", hex(value)));
    }
    if let Some(entry) = lookup(tag) {
        assert!(entry.templates().iter().all(|template| template.is_constructed()));
    }
}

fn shown(object: &Tlv<'_>) -> String {
    let value = object.value();
    let length = format!("({} byte{})", value.len(), if value.len() == 1 { "" } else { "s" });
    if object.tag().is_constructed() || value.is_empty() {
        return length;
    }
    let entry = lookup(object.tag());
    let has_length = entry.is_some_and(|entry| entry.lengths().contains(&value.len()));
    match entry.map_or(Sensitivity::Opaque, |entry| entry.sensitivity) {
        Sensitivity::Public if !has_length && may_hold_a_card_number(value) => length,
        Sensitivity::Public => hex(value),
        Sensitivity::Opaque if may_hold_a_card_number(value) => length,
        Sensitivity::Opaque => hex(value),
        Sensitivity::Pan => card_number(value).unwrap_or(length),
        _ => length,
    }
}

/// A whole card number, masked.
fn card_number(value: &[u8]) -> Option<String> {
    let digits = hex(value);
    let digits = digits.trim_end_matches('F');
    let is_number =
        (15..=19).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    let hidden = digits.len().checked_sub(10)?;
    is_number.then(|| format!("{}{}{}", &digits[..6], "*".repeat(hidden), &digits[6 + hidden..]))
}

/// Whether 13 to 19 digits with a valid check digit stand anywhere in a value, packed or as text of either kind.
pub(super) fn may_hold_a_card_number(value: &[u8]) -> bool {
    let text: String = value.iter().map(|&byte| char::from(byte)).collect();
    let ebcdic = value.iter().map(|&byte| match byte {
        0xF0..=0xF9 => char::from(byte - 0xC0),
        _ => ' ',
    });
    [hex(value), text, ebcdic.collect()].iter().any(|symbols| {
        symbols
            .split(|c: char| !c.is_ascii_digit())
            .any(|run| (13..=19).any(|length| run.as_bytes().windows(length).any(is_card_number)))
    })
}

fn is_card_number(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, factor)| u32::from(digit - b'0') * factor)
        .map(|product| product / 10 + product % 10)
        .sum();
    digits[0] != b'0' && sum.is_multiple_of(10)
}
