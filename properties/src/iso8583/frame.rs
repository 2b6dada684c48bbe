use iso8583_wire::frame::{Deframed, FrameErrorKind, Framing};

use crate::choices::Choices;

/// A stream gives the same messages wherever it is cut, each with the length that stood before it.
///
/// Choices: `u16` limit, `u8` size of the pieces; then the stream. At every cut of it the first frame is there whole, or
/// exactly what it lacks is asked for.
pub fn iso8583_frame(data: &[u8]) {
    let mut choices = Choices::new(data);
    let max = choices.u16();
    let piece = usize::from(choices.u8()) + 1;
    let stream = choices.rest();
    let framing = Framing::BINARY_2.with_max(max);

    for cut in 0..=stream.len() {
        assert_first(framing, max, &stream[..cut]);
    }
    let _ = framing.deframe(stream).inspect(assert_shown);
    let mut whole = Vec::new();
    let whole_ends = read(framing, &mut stream.to_vec(), &mut whole);
    let mut in_pieces = Vec::new();
    let mut received = Vec::new();
    let mut ends = None;
    for part in stream.chunks(piece) {
        received.extend_from_slice(part);
        ends = read(framing, &mut received, &mut in_pieces);
        if ends.is_some() {
            break;
        }
    }
    assert_eq!((in_pieces, ends), (whole, whole_ends));
}

/// Takes the messages off the front of what was received; says why, if the stream cannot be followed.
fn read(
    framing: Framing,
    received: &mut Vec<u8>,
    messages: &mut Vec<Vec<u8>>,
) -> Option<FrameErrorKind> {
    loop {
        match framing.deframe(received) {
            Ok(Deframed::Frame { message, consumed }) => {
                assert_eq!(framing.header(message.len()).unwrap(), received[..2]);
                messages.push(message.to_vec());
                received.drain(..consumed);
            }
            Ok(Deframed::Partial { .. }) => return None,
            Err(error) => return Some(error.kind()),
        }
    }
}

fn assert_first(framing: Framing, max: u16, received: &[u8]) {
    let found = framing.deframe(received);
    let [high, low, rest @ ..] = received else {
        return assert_eq!(found, Ok(Deframed::Partial { needed: 2 - received.len() }));
    };
    let length = u16::from_be_bytes([*high, *low]);
    let count = usize::from(length);
    if length == 0 || length > max {
        let error = found.unwrap_err();
        assert_eq!(framing.header(count), Err(error));
        assert_eq!((error.offset(), error.kind() == FrameErrorKind::Empty), (0, length == 0));
        assert!(!error.to_string().contains('\n'));
        return;
    }
    let expected = match rest.get(..count) {
        Some(message) => Deframed::Frame { message, consumed: count + 2 },
        None => Deframed::Partial { needed: count - rest.len() },
    };
    assert_eq!(found, Ok(expected));
}

/// Lengths are shown, and no byte of a message.
fn assert_shown(found: &Deframed<'_>) {
    let shown = match found {
        Deframed::Frame { message, consumed } => {
            format!("Frame({} bytes, {consumed} consumed)", message.len())
        }
        Deframed::Partial { needed } => format!("Partial({needed} needed)"),
    };
    assert_eq!(format!("{found:?}"), shown);
}
