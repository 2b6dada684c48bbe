//! What is read, written again.

use core::ops::Range;

use iso8583_wire::{
    Bitmaps, Class, Composer, Encoder, Encoding, Error, ErrorKind, Field, FieldRef, Layout, Length,
    Message, MessageRef, Path, Sensitivity, Spec, Subfield, Unit,
};

use super::twin::NO_NUMBER;
use super::view::{assert_parse, assert_view, canonical, path_of};

/// The message at the front, if there is one, with `parse` agreeing on what follows it.
pub(super) fn parse_prefix<'s, 'a>(
    spec: &'s Spec<'s>,
    bytes: &'a [u8],
) -> Option<MessageRef<'s, 'a>> {
    let whole = MessageRef::parse(spec, bytes);
    let (message, rest) = match MessageRef::parse_prefix(spec, bytes) {
        Ok(parts) => parts,
        Err(error) => {
            assert_eq!(whole.err(), Some(error));
            return None;
        }
    };
    assert_eq!([message.wire(), rest].concat(), bytes);
    match whole {
        Ok(whole) => assert_eq!((whole.wire(), rest.len()), (bytes, 0)),
        Err(error) => {
            let count = u32::try_from(rest.len()).unwrap();
            assert_eq!(error.kind(), ErrorKind::TrailingBytes { count });
            assert_eq!(usize::try_from(error.offset()), Ok(message.wire().len()));
        }
    }
    assert_view(&MessageRef::parse(spec, message.wire()).unwrap(), message.wire());
    Some(message)
}

pub(super) fn assert_cut(message: &MessageRef<'_, '_>, cut: usize) {
    let part = &message.wire()[..cut];
    let error = MessageRef::parse(message.spec(), part).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Truncated { .. }), "{error}");
    assert_parse(message.spec(), part);
}

pub(super) fn assert_round_trip(message: &MessageRef<'_, '_>) {
    let spec = message.spec();
    let wire = message.wire();
    let owned = Message::from(message);
    assert_eq!(owned.to_string(), message.to_string());
    assert_eq!(format!("{owned:?}"), format!("Message({message})"));

    // Every byte as it was: bitmaps that nothing needs and lower-case digits in them too.
    let mut buffer = vec![0xEE; wire.len()];
    assert_eq!(owned.encoded_len(), wire.len());
    assert_eq!(owned.encode_to_vec().unwrap(), wire);
    assert_eq!(owned.encode_into(&mut buffer).unwrap(), wire);
    let short = wire.len() - 1;
    assert_too_small(&owned.encode_into(&mut buffer[..short]).unwrap_err(), short);

    // Bitmaps at their shortest and in upper case, every field's bytes kept.
    let canonical = canonical(message);
    let mut buffer = vec![0xEE; canonical.len()];
    let mut encoder = Encoder::new(spec, message.mti(), &mut buffer).unwrap();
    for field in message {
        encoder.copy(&field).unwrap();
    }
    assert_eq!(encoder.finish(), canonical);
    let again = MessageRef::parse(spec, &canonical).unwrap();
    assert_eq!((again.mti(), again.carried()), (message.mti(), message.carried()));
    assert_eq!(again.to_string(), message.to_string());
    assert_value_by_value(message);
    assert_reply(message);
    assert_composed(message);
}

/// An answer has the answer's type and the fields that the dialect repeats, byte for byte, whichever way it is made; what is
/// set in between is not repeated.
fn assert_reply(request: &MessageRef<'_, '_>) {
    let spec = request.spec();
    let mut buffer = vec![0xEE; request.wire().len() + 64];
    let Some(mti) = request.mti().response() else {
        let error = Encoder::reply_to(request, &mut buffer).unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::NotAnswered, Path::MTI));
        assert_eq!(Message::reply_to(request).unwrap_err(), error);
        return;
    };
    assert_eq!((mti.is_response(), mti.request()), (true, request.mti().first_sending()));
    let repeated = |number| spec.echoes().contains(number) && request.carried().contains(number);
    let slow = |left_out: u16| {
        let mut slow = Message::new(spec, mti);
        for field in
            request.iter().filter(|field| repeated(field.number()) && field.number() != left_out)
        {
            slow.set_copy(&field).unwrap();
        }
        slow
    };
    let expected = slow(0).encode_to_vec().unwrap();
    assert_eq!(Message::reply_to(request).unwrap().encode_to_vec().unwrap(), expected);
    assert_eq!(Encoder::reply_to(request, &mut buffer).unwrap().finish().unwrap(), expected);
    for field in request {
        let number = field.number();
        let mut with = slow(0);
        with.set_copy(&field).unwrap();
        let mut reply = Encoder::reply_to(request, &mut buffer).unwrap();
        reply.copy(&field).unwrap();
        assert_eq!(reply.finish().unwrap(), with.encode_to_vec().unwrap());
        let mut reply = Encoder::reply_to(request, &mut buffer).unwrap();
        reply.without(number).unwrap();
        assert_eq!(reply.finish().unwrap(), slow(number).encode_to_vec().unwrap());
    }
    let mut short = vec![0xEE; expected.len() - 1];
    let refused =
        Encoder::reply_to(request, &mut short).and_then(|reply| reply.finish().map(<[u8]>::len));
    assert!(matches!(refused.unwrap_err().kind(), ErrorKind::BufferTooSmall { .. }));
}

/// A field that is put together of its parts' bytes has its own bytes, in an encoder, an answer, and an owned message; a part of a tag that
/// nobody knows is written by its tag.
fn assert_composed(message: &MessageRef<'_, '_>) {
    let spec = message.spec();
    for field in message.iter().filter(is_made_of_parts) {
        let number = field.number();
        // Lengths of several widths are laid at their widest.
        let mut buffer = vec![0xEE; message.wire().len() + 1_000];
        let mut encoder = Encoder::new(spec, message.mti(), &mut buffer).unwrap();
        if encoder.composite(number, |parts| put_parts(parts, &field)).is_err() {
            continue;
        }
        let written = encoder.finish().to_vec();
        let again = MessageRef::parse(spec, &written).unwrap();
        let by_encoder = again.get(number).unwrap();
        // A header before the parts is no part.
        assert_eq!(field.parts().count(), by_encoder.parts().count());
        field.parts().zip(by_encoder.parts()).for_each(|(a, b)| assert_same_values(&a, &b));

        let mut owned = Message::new(spec, message.mti());
        owned.set_composite(number, |parts| put_parts(parts, &field)).unwrap();
        assert_eq!(owned.require(number).unwrap().wire(), by_encoder.wire());
        assert_eq!(owned.encode_to_vec().unwrap(), written);
        let lost = owned.require([number, 9_999]).map(|_| ()).unwrap_err();
        assert_eq!(
            (lost.kind(), lost.path()),
            (ErrorKind::MissingField, Path::from([number, 9_999]))
        );
        owned.set_mti(message.mti());

        let mut room = vec![0xEE; message.wire().len() + 1_000];
        let Ok(mut reply) = Encoder::reply_to(message, &mut room) else { continue };
        reply.try_composite::<Error>(number, |parts| put_parts(parts, &field)).unwrap();
        let late = reply.without(number).map(|_| ()).unwrap_err();
        assert_eq!(late.kind(), ErrorKind::FieldOrder { after: number });
        assert!(format!("{reply:?}").starts_with("Reply {"));
        let reply = reply.finish().unwrap();
        let read = MessageRef::parse(spec, reply).unwrap();
        assert_eq!(read.get(number).unwrap().wire(), by_encoder.wire());
        let mut room = vec![0xEE; message.wire().len() + 1_000];
        let mut reply = Encoder::reply_to(message, &mut room).unwrap();
        reply.composite(number, |parts| put_parts(parts, &field)).unwrap();
        assert_eq!(reply.finish().unwrap().len(), read.wire().len());
    }
    assert_answered_by_value(message);
}

fn put_parts(parts: &mut Composer<'_, '_>, field: &FieldRef<'_, '_>) -> Result<(), Error> {
    for part in field.parts() {
        match field.layout() {
            Some(Layout::Tagged { tag, .. })
                if part.number() == NO_NUMBER || part.number() % 2 == 1 =>
            {
                let mut buffer = [0; 4];
                let tag = tag.bytes(&part.label().to_string(), &mut buffer).unwrap();
                match is_made_of_parts(&part) || takes_bytes(part.definition()) {
                    true => parts.tagged(tag, part.data())?,
                    false => parts.tagged_text(tag, &text(&part))?,
                };
            }
            _ => {
                parts.copy(&part)?;
            }
        }
    }
    Ok(())
}

/// Values that are set in an answer stand in it, in order of their numbers, and a code at its end.
fn assert_answered_by_value(request: &MessageRef<'_, '_>) {
    for field in request.iter().filter(|field| !is_made_of_parts(field)) {
        let number = field.number();
        let mut room = vec![0xEE; request.wire().len() + 1_000];
        let Ok(mut reply) = Encoder::reply_to(request, &mut room) else { return };
        let set = if takes_bytes(field.definition()) {
            reply.bytes(number, &bytes(&field)).map(|_| ())
        } else {
            reply.text(number, &text(&field)).map(|_| ())
        };
        set.unwrap();
        let finished = reply.finish().unwrap();
        let read = MessageRef::parse(request.spec(), finished).unwrap();
        assert_eq!(text(&read.get(number).unwrap()), text(&field));
        let mut again = vec![0xEE; request.wire().len() + 1_000];
        let mut reply = Encoder::reply_to(request, &mut again).unwrap();
        if reply.number(number, 1).is_ok() {
            let read = MessageRef::parse(request.spec(), reply.finish().unwrap()).unwrap();
            assert!(read.get(number).is_some());
        }
    }
    for last in [None, Some(64), Some(128)] {
        let mut room = vec![0xEE; request.wire().len() + 1_000];
        let Ok(reply) = Encoder::reply_to(request, &mut room) else { return };
        let unsealed = match last {
            None => reply.finish_with_mac(),
            Some(number) => reply.finish_with_mac_in(number),
        };
        if let Ok(unsealed) = unsealed {
            assert!(format!("{unsealed:?}").starts_with("Unsealed(field "));
            let covered = unsealed.mac_input().to_vec();
            if let Ok(sealed) = unsealed.seal(&[0xA5; 8]) {
                let read = MessageRef::parse(request.spec(), sealed).unwrap();
                assert_eq!(read.mac_input(), Some(&covered[..]));
            }
        }
    }
}

/// Value by value, and in the other order: the same characters, with pads and lengths as they are written here.
fn assert_value_by_value(message: &MessageRef<'_, '_>) {
    let spec = message.spec();
    // A length of several widths is laid at its widest first.
    let mut buffer = vec![0xEE; message.wire().len() + 64];
    let mut encoder = Encoder::new(spec, message.mti(), &mut buffer).unwrap();
    message.iter().for_each(|field| write(&mut encoder, &field).unwrap());
    let rewritten = encoder.finish().to_vec();
    let reread = MessageRef::parse(spec, &rewritten).unwrap();
    assert_eq!(reread.carried(), message.carried());
    message.iter().zip(&reread).for_each(|(before, after)| assert_same_values(&before, &after));

    let mut by_value = Message::new(spec, message.mti());
    let in_order: Vec<_> = reread.iter().collect();
    for field in in_order.iter().rev() {
        if can_be_set_by_path(field) {
            set_by_path(&mut by_value, &[field.number()], field, false).unwrap();
        } else {
            by_value.set_copy(field).unwrap();
        }
    }
    assert_eq!(by_value.encode_to_vec().unwrap(), rewritten);

    // The code last, if there is one and it is of fixed length.
    let (Some(mac), Some(input)) = (reread.mac(), reread.mac_input()) else { return };
    let definition = mac.definition();
    if definition.class() == Class::B
        && matches!(definition.length(), Length::Fixed(_))
        && definition.composite().is_none()
    {
        let code = bytes(&mac);
        assert!(by_value.remove(mac.number()));
        let last = by_value.carried().last().unwrap_or(0);
        if let Ok(encoder) = by_value.encoder(&mut buffer)
            && mac.number() == number_of_mac(spec.bitmaps(), last)
        {
            let unsealed = encoder.finish_with_mac().unwrap();
            assert_eq!(unsealed.mac_input().len(), input.len());
            assert_eq!(unsealed.seal(&code).unwrap(), rewritten);
        }
    }
}

/// Where a code goes behind a field: into the last field of the last bitmap that is used, and no less than of the second where
/// more than one is always there.
pub(super) fn number_of_mac(bitmaps: Bitmaps, last: u16) -> u16 {
    let least = if matches!(bitmaps, Bitmaps::Two | Bitmaps::Three) { 65 } else { 1 };
    last.max(least).div_ceil(64) * 64
}

fn assert_same_values(before: &FieldRef<'_, '_>, after: &FieldRef<'_, '_>) {
    assert_eq!(before.label().to_string(), after.label().to_string());
    if !is_made_of_parts(before) {
        return assert_eq!(text(before), text(after));
    }
    // What stands before the parts is no part.
    assert_eq!(before.parts().count(), after.parts().count());
    before.parts().zip(after.parts()).for_each(|(a, b)| assert_same_values(&a, &b));
}

pub(super) fn assert_copies_only_what_is_defined_alike(
    message: &MessageRef<'_, '_>,
    other: &Spec<'_>,
) {
    let mut copy = Message::new(other, message.mti());
    for field in message {
        let number = field.number();
        let defined_alike = other
            .field(number)
            .is_some_and(|own| is_defined_alike(message.spec(), field.definition(), other, own));
        let copied = copy.set_copy(&field).is_ok();
        assert_eq!(copied, defined_alike, "{number}");
        assert_eq!(copy.get(number).is_some(), copied);
    }
    let wire = copy.encode_to_vec().unwrap();
    assert_view(&MessageRef::parse(other, &wire).unwrap(), &wire);
}

/// A definition without what makes no difference on the wire: what it may reveal, that its pad was named, and where its parts
/// are defined.
fn on_the_wire(field: &Field) -> Field {
    let is_packed = field.encoding() == Encoding::Bcd && field.unit() == Unit::Digits;
    let field = field.sensitive(Sensitivity::Opaque);
    let field = if is_packed { field.padded(field.pad()) } else { field };
    if field.composite().is_some() { field.composed(0) } else { field }
}

/// Whether two specs write a field in the same way, and its parts.
fn is_defined_alike(one: &Spec<'_>, field: &Field, other: &Spec<'_>, its: &Field) -> bool {
    let (composite, its_composite) = match (one.composite(field), other.composite(its)) {
        (Some(composite), Some(its)) => (composite, its),
        (None, None) => return on_the_wire(field) == on_the_wire(its),
        _ => return false,
    };
    let parts = |spec: &Spec<'_>, range: Range<u16>| -> Vec<Subfield> {
        spec.tables().subfields[range.start.into()..range.end.into()].to_vec()
    };
    let ours = parts(one, composite.parts());
    let others = parts(other, its_composite.parts());
    let fields = |parts: &[Subfield]| -> Vec<Field> {
        parts.iter().map(|part| *part.field()).chain(composite.unknown().copied()).collect()
    };
    on_the_wire(field) == on_the_wire(its)
        && composite.layout() == its_composite.layout()
        && composite.unknown().is_some() == its_composite.unknown().is_some()
        && ours.len() == others.len()
        && ours.iter().zip(&others).all(|(part, its)| part.number() == its.number())
        && fields(&ours)
            .iter()
            .zip(fields(&others))
            .all(|(field, its)| is_defined_alike(one, field, other, &its))
}

pub(super) fn assert_too_small(error: &Error, room: usize) {
    match error.kind() {
        ErrorKind::BufferTooSmall { needed, available } => {
            assert_eq!(usize::try_from(available), Ok(room));
            assert!(needed > available);
        }
        kind => panic!("{kind:?}"),
    }
}

pub(super) fn text(field: &FieldRef<'_, '_>) -> String {
    field.exposed().to_string()
}

pub(super) fn bytes(field: &FieldRef<'_, '_>) -> Vec<u8> {
    let mut buffer = vec![0; field.data().len()];
    field.copy_bytes(&mut buffer).unwrap().to_vec()
}

/// Whether a value is given as bytes: text in a charset of the network's own is.
pub(super) fn takes_bytes(field: &Field) -> bool {
    field.class() == Class::B || field.encoding() == Encoding::Raw
}

fn is_made_of_parts(field: &FieldRef<'_, '_>) -> bool {
    field.layout().is_some_and(|layout| layout != Layout::BerTlv)
}

/// Writes a field by its value or the values of its parts.
fn write(encoder: &mut Encoder<'_, '_>, field: &FieldRef<'_, '_>) -> Result<(), Error> {
    let number = field.number();
    if !is_made_of_parts(field) {
        return if takes_bytes(field.definition()) {
            encoder.bytes(number, &bytes(field)).map(drop)
        } else {
            encoder.text(number, &text(field)).map(drop)
        };
    }
    // An empty value lacks the bitmap that parts would be written behind.
    if field.data().is_empty() {
        return encoder.copy(field).map(drop);
    }
    encoder.composite(number, |parts| write_parts(parts, field)).map(drop)
}

fn write_parts(composer: &mut Composer<'_, '_>, field: &FieldRef<'_, '_>) -> Result<(), Error> {
    if !field.header().is_empty() {
        composer.header(field.header())?;
    }
    for part in field.parts() {
        let number = part.number();
        let is_empty = is_made_of_parts(&part) && part.data().is_empty();
        if number == NO_NUMBER && can_be_counted(&part) {
            composer.tagged(part.tag().unwrap(), part.data())?;
        } else if number == NO_NUMBER || is_empty {
            composer.copy(&part)?;
        } else if is_made_of_parts(&part) {
            composer.composite(number, |parts| write_parts(parts, &part))?;
        } else if takes_bytes(part.definition()) {
            composer.bytes(number, &bytes(&part))?;
        } else {
            composer.text(number, &text(&part))?;
        }
    }
    Ok(())
}

/// Whether the bytes of a value say how many units it has: a pad nibble may be one.
fn can_be_counted(field: &FieldRef<'_, '_>) -> bool {
    let definition = field.definition();
    let is_packed = definition.encoding() == Encoding::Bcd && definition.unit() == Unit::Digits;
    !is_packed || matches!(definition.length(), Length::Fixed(_))
}

/// Whether a field can be put together part by part: each part has a number and what holds it has one of its own, and may
/// be shorter meanwhile.
fn can_be_set_by_path(field: &FieldRef<'_, '_>) -> bool {
    if !is_made_of_parts(field) {
        return true;
    }
    let parts: Vec<_> = field.parts().collect();
    let is_fixed = matches!(field.definition().length(), Length::Fixed(_));
    let is_plain = field.header().iter().all(|byte| *byte == 0);
    let repeats = |number| parts.iter().filter(|part| part.number() == number).count() > 1;
    !is_fixed
        && is_plain
        && !parts.is_empty()
        && parts.iter().all(|part| {
            part.number() != NO_NUMBER
                && !(is_made_of_parts(part) && repeats(part.number()))
                && can_be_set_by_path(part)
        })
}

/// Sets a field or a part, or what it is made of; a part with a tag is put behind the others.
fn set_by_path(
    message: &mut Message<'_>,
    path: &[u16],
    field: &FieldRef<'_, '_>,
    has_tag: bool,
) -> Result<(), Error> {
    if is_made_of_parts(field) {
        return field.parts().try_for_each(|part| {
            let path = [path, &[part.number()]].concat();
            set_by_path(message, &path, &part, part.tag().is_some())
        });
    }
    let path = path_of(path);
    match (takes_bytes(field.definition()), has_tag) {
        (true, false) => message.set_bytes(path, &bytes(field)),
        (true, true) => message.push_bytes(path, &bytes(field)),
        (false, false) => message.set_text(path, &text(field)),
        (false, true) => message.push_text(path, &text(field)),
    }
}
