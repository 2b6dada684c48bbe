//! What a view says, and how it is refused, against its twin.

mod error;
mod value;

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Error, ErrorKind, FieldRef, Layout, MessageRef, Mti, MtiEncoding,
    Path, Rules, Sensitivity, Spec,
};

use super::mti::{assert_mti, assert_rules, assert_set};
use super::twin::{self, Item, Look, Twin};
use crate::choices::hex;
use error::assert_refused;
use value::{assert_value, masked};

/// Asserts that the bytes are read whole, or refused, as the twin does.
pub(super) fn assert_parse(spec: &Spec<'_>, wire: &[u8]) {
    let twin = twin::read(spec, wire, Look::Everything);
    let found = MessageRef::parse(spec, wire);
    match (&found, twin.fault_of_all(wire)) {
        (Ok(message), None) => assert_view_as(message, wire, &twin),
        (Err(error), Some(fault)) => assert_refused(error, &fault),
        (Ok(message), Some(fault)) => panic!("{message:?} where {fault:?} was due"),
        (Err(error), None) => panic!("{error:?}"),
    }
    assert_partial(spec, wire, &twin, found.as_ref().err());
    assert_structure(spec, wire, found.as_ref().err());
}

/// Asserts that what can be read of a message is read: the fields before the fault, and the fault that `parse` finds.
fn assert_partial(spec: &Spec<'_>, wire: &[u8], twin: &Twin<'_>, error: Option<&Error>) {
    let partial = MessageRef::parse_partial(spec, wire);
    if wire.len() <= usize::from(u16::MAX) {
        assert_eq!(partial.fault().as_ref(), error);
    }
    assert_eq!(partial.rest().as_ptr_range(), wire[twin.end..].as_ptr_range());
    assert_eq!(partial.mti().map(|mti| mti.to_string()), twin.mti);
    assert_eq!(partial.message().is_some(), twin.bitmaps.is_some());
    let shown = format!("{partial:?}");
    if let Some(message) = partial.message() {
        assert_eq!(message.wire().as_ptr_range(), wire[..twin.end].as_ptr_range());
        assert_fields(message, &twin.fields, wire);
        assert!(shown.contains(&format!("{message:?}")));
        // With a field at fault behind it, no code covers the message.
        let kind = partial.fault().map(|fault| fault.kind());
        let is_whole = matches!(
            kind,
            None | Some(ErrorKind::TrailingBytes { .. } | ErrorKind::MessageTooLong)
        );
        assert!(is_whole || message.mac_input().is_none());
    }
}

/// Asserts that without a look at values only lengths and parts are refused, and that the values are then visited in
/// order, the first of them being what `parse` refuses.
fn assert_structure(spec: &Spec<'_>, wire: &[u8], error: Option<&Error>) {
    let twin = twin::read(spec, wire, Look::Structure);
    let message = match (MessageRef::parse_structure(spec, wire), twin.fault_of_all(wire)) {
        (Ok(message), None) => message,
        (Err(error), Some(fault)) => return assert_refused(&error, &fault),
        (Ok(message), Some(fault)) => panic!("{message:?} where {fault:?} was due"),
        (Err(error), None) => panic!("{error:?}"),
    };
    assert_fields(&message, &twin.fields, wire);
    let shown = [message.to_string(), format!("{message:?}")];
    assert!(shown.iter().all(|shown| !shown.contains(char::is_control)), "{shown:?}");

    let mut found = Vec::new();
    let is_valid = message.validate(&Rules::NONE, |violation| found.push(violation));
    assert_eq!(found.len(), twin.violations.len(), "{found:?} {:?}", twin.violations);
    for (violation, fault) in found.iter().zip(&twin.violations) {
        assert_refused(violation, fault);
    }
    assert_eq!(is_valid, found.is_empty());
    assert_rules(&message, found.len());
    assert_set(message.carried());
    assert_eq!(error, found.first());
}

/// Asserts that a view says what the twin says of the bytes: its parts tile them, in order, and each is what it should be.
pub(super) fn assert_view(message: &MessageRef<'_, '_>, wire: &[u8]) {
    assert_view_as(message, wire, &twin::read(message.spec(), wire, Look::Everything));
}

fn assert_view_as(message: &MessageRef<'_, '_>, wire: &[u8], twin: &Twin<'_>) {
    if let Some(fault) = twin.fault_of_all(wire) {
        panic!("{message:?} where {fault:?} was due");
    }
    assert_eq!((message.wire(), twin.end), (wire, wire.len()));
    let mti = twin.mti.as_ref().unwrap();
    assert_eq!(message.mti().to_string(), *mti);
    assert_mti(message.mti());
    assert_fields(message, &twin.fields, wire);

    for number in (0..=256).chain([u16::MAX]) {
        let is_there = twin.fields.iter().any(|item| item.number == number);
        assert_eq!(message.get(number).is_some(), is_there, "field {number}");
        assert_eq!(message.require(number).is_ok(), is_there);
    }

    let fields = message.iter().zip(&twin.fields);
    let shown: String = fields
        .map(|(field, item)| {
            format!(" {}={}", item.label, masked(&field, item, Sensitivity::Public))
        })
        .collect();
    assert_eq!(message.to_string(), format!("{mti}{shown}"));
    assert_eq!(format!("{message:?}"), format!("MessageRef({mti}{shown})"));
    let starts = twin.third.iter().map(|third| third.start);
    let last = twin.fields.last().filter(|item| starts.clone().all(|start| start < item.at));
    assert_mac(message, last.map(|item| item.number), wire);
}

fn assert_fields(message: &MessageRef<'_, '_>, items: &[Item<'_>], wire: &[u8]) {
    let numbers: Vec<u16> = items.iter().map(|item| item.number).collect();
    assert_eq!(message.carried().iter().collect::<Vec<_>>(), numbers);
    assert_eq!(message.carried().len(), numbers.len());
    let mut fields = message.iter();
    for item in items {
        let field = fields.next().unwrap();
        assert_eq!(Some(field.definition()), message.spec().field(item.number));
        assert_item(message, &field, item, Some(&[]), wire);
    }
    assert!(fields.next().is_none());
}

/// Asserts that a field or a part is where the twin found it, and so are its parts; `above` leads to what holds it, if it
/// is the first with its numbers.
fn assert_item(
    message: &MessageRef<'_, '_>,
    field: &FieldRef<'_, '_>,
    item: &Item<'_>,
    above: Option<&[u16]>,
    wire: &[u8],
) {
    assert_eq!((field.number(), field.label().to_string()), (item.number, item.label.clone()));
    assert_eq!(field.definition(), item.definition);
    assert_eq!(field.wire().as_ptr_range(), wire[item.at..item.end].as_ptr_range());
    assert_eq!(field.data().as_ptr_range(), wire[item.data_at..item.end].as_ptr_range());
    assert_eq!(field.count(), item.count);
    if item.is_right {
        assert_value(field, item);
    }
    let path = above.map(|above| [above, &[item.number]].concat());
    if let Some(path) = &path {
        let by_path = message.get(path_of(path)).unwrap();
        assert_eq!(by_path.wire().as_ptr_range(), field.wire().as_ptr_range());
    }
    let Some(made_of) = &item.made_of else {
        assert!(matches!(field.layout(), None | Some(Layout::BerTlv)));
        assert!(field.parts().next().is_none() && field.header().is_empty());
        return;
    };
    assert_eq!(field.layout(), Some(made_of.layout));
    assert_eq!(field.header(), &wire[made_of.header.clone()]);
    if let Layout::Tagged { tag, .. } = made_of.layout {
        for part in field.parts() {
            let mut buffer = [0; 4];
            let bytes = tag.bytes(&part.label().to_string(), &mut buffer).unwrap();
            assert!(part.wire().starts_with(bytes), "{}", part.label());
            assert_eq!(tag.bytes("tag too long", &mut [0; 4]), None);
        }
    }
    assert!(!format!("{:?}", field.parts()).is_empty() && !format!("{field:?}").contains('\n'));
    let mut parts = field.parts();
    for (place, below) in made_of.parts.iter().enumerate() {
        let part = parts.next().unwrap();
        let is_first = made_of.parts[..place].iter().all(|other| other.number != below.number);
        assert_item(message, &part, below, path.as_deref().filter(|_| is_first), wire);
        let first = field.part(below.number).unwrap();
        assert_eq!(first.wire().as_ptr_range() == part.wire().as_ptr_range(), is_first);
    }
    assert!(parts.next().is_none() && parts.next().is_none());
}

/// The path of up to four numbers.
pub(super) fn path_of(numbers: &[u16]) -> Path {
    match *numbers {
        [a] => Path::from(a),
        [a, b] => Path::from([a, b]),
        [a, b, c] => Path::from([a, b, c]),
        [a, b, c, d] => Path::from([a, b, c, d]),
        _ => panic!("no path has these numbers: {numbers:?}"),
    }
}

fn assert_mac(message: &MessageRef<'_, '_>, last: Option<u16>, wire: &[u8]) {
    match (message.mac(), message.mac_input()) {
        (Some(mac), Some(input)) => {
            assert!(Some(mac.number()) == last && matches!(last, Some(64 | 128 | 192)));
            assert_eq!([input, mac.wire()].concat(), wire);
        }
        (None, None) => assert!(!matches!(last, Some(64 | 128 | 192))),
        _ => panic!("a code without its input"),
    }
}

/// A message with its bitmaps as they should be written, as few as there may be, and its fields as they stand.
pub(super) fn canonical(message: &MessageRef<'_, '_>) -> Vec<u8> {
    let spec = message.spec();
    let highest = message.iter().map(|field| field.number()).max().unwrap_or(0);
    let needed = usize::from(highest.max(1)).div_ceil(64);
    let bitmaps = spec.bitmaps();
    let count = match bitmaps {
        Bitmaps::Two => 2,
        Bitmaps::Three => 3,
        _ => needed,
    };
    let mut bits = vec![false; count * 64];
    for field in message {
        bits[usize::from(field.number()) - 1] = true;
    }
    // Bitmaps that are always there need no announcement.
    if !matches!(bitmaps, Bitmaps::One | Bitmaps::Two | Bitmaps::Three) {
        bits[0] = count > 1;
        if count > 2 {
            bits[64] = true;
        }
    }
    let mut parts: Vec<Vec<u8>> =
        bits.chunks(64).map(|bits| write_bitmap(spec.bitmap_encoding(), bits)).collect();
    let third = match bitmaps {
        Bitmaps::UpToThreeInField65 if count > 2 => parts.pop().unwrap(),
        _ => Vec::new(),
    };
    let mut wire = [write_mti(spec.mti_encoding(), message.mti()), parts.concat()].concat();
    let (below, above): (Vec<_>, Vec<_>) = message.iter().partition(|field| field.number() < 65);
    wire.extend(below.iter().flat_map(|field| field.wire()));
    wire.extend(third);
    wire.extend(above.iter().flat_map(|field| field.wire()));
    wire
}

fn write_bitmap(encoding: BitmapEncoding, bits: &[bool]) -> Vec<u8> {
    let bytes: Vec<u8> = bits
        .chunks(8)
        .map(|byte| byte.iter().fold(0, |bits, &bit| bits << 1 | u8::from(bit)))
        .collect();
    let digits = hex(&bytes);
    match encoding {
        BitmapEncoding::Binary => bytes,
        BitmapEncoding::Hex => digits.into_bytes(),
        BitmapEncoding::EbcdicHex => digits
            .bytes()
            .map(|digit| if digit.is_ascii_digit() { digit + 0xC0 } else { digit + 0x80 })
            .collect(),
        other => panic!("no twin of {other:?}"),
    }
}

fn write_mti(encoding: MtiEncoding, mti: Mti) -> Vec<u8> {
    let digits = mti.to_string();
    match encoding {
        MtiEncoding::Ascii => digits.into_bytes(),
        MtiEncoding::Bcd => u16::from_str_radix(&digits, 16).unwrap().to_be_bytes().into(),
        MtiEncoding::Ebcdic => digits.bytes().map(|digit| digit + 0xC0).collect(),
        other => panic!("no twin of {other:?}"),
    }
}
