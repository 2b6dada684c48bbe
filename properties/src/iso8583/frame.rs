use iso8583_wire::frame::{Deframed, FrameError, FrameErrorKind, Framing};

use super::codec::assert_codec;
use crate::{choices::Choices, told::assert_told};

/// A stream gives the same frames wherever it is cut, each with the length that stood before it.
///
/// Choices: `u8` notation, `u8` flags (bit 0 the length counts itself, bit 1 a limit is set), `[u8; 4]` limit, `u8` size of
/// the pieces, `[u8; 4]` length of a message to send; then the stream. At every cut of it the first frame is what a slow
/// reading finds: it is there whole, or exactly what it lacks is asked for, or it breaks the same rule at the same byte. The codec for
/// `tokio` gives the same frames in pieces.
pub fn iso8583_frame(data: &[u8]) {
    let mut choices = Choices::new(data);
    let twin = Twin::choose(&mut choices);
    let piece = usize::from(choices.u8()) + 1;
    let message_len = u32::from_be_bytes(choices.array());
    let stream = choices.rest();

    let framing = twin.framing();
    assert_eq!(u64::from(framing.maximum()), twin.maximum());
    assert_eq!(framing.header_len(), twin.width());
    assert_sent(&twin, message_len);
    assert_cut(&twin, stream);
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
    // It reserves what a peer announces, up to the limit.
    if twin.maximum() <= 0xFFFF {
        assert_codec(framing, stream, piece);
    }
}

/// A frame as it was received: whether it is session control, and its body.
type Received = (bool, Vec<u8>);

/// Takes the frames off the front of what was received, and skips empty ones; says why, if the stream cannot be followed.
fn read(
    framing: Framing,
    received: &mut Vec<u8>,
    frames: &mut Vec<Received>,
) -> Option<FrameErrorKind> {
    loop {
        let (frame, consumed) = match framing.deframe(received) {
            Ok(Deframed::Frame { message, consumed }) => ((false, message.to_vec()), consumed),
            Ok(Deframed::Control { body, consumed }) => ((true, body.to_vec()), consumed),
            Ok(Deframed::Partial { .. }) => return None,
            Err(error) => match error.resume() {
                Some(header) => ((false, Vec::new()), header),
                None => return Some(error.kind()),
            },
        };
        frames.push(frame);
        received.drain(..consumed);
    }
}

/// What is sent is what is received.
fn assert_sent(twin: &Twin, message_len: u32) {
    let framing = twin.framing();
    let len = usize::try_from(message_len).unwrap();
    let is_too_long = u64::from(message_len) > twin.maximum();
    match framing.header(len) {
        Ok(header) => {
            assert!(len > 0 && !is_too_long);
            assert_eq!(header.len(), twin.width());
            assert_eq!((header.as_ref(), format!("{header:?}").is_empty()), (&header[..], false));
            assert_eq!(framing.deframe(&header), Ok(Deframed::Partial { needed: len }));
        }
        Err(error) => assert_refused(error, len == 0, is_too_long),
    }
    match framing.control(len) {
        Ok(header) => {
            assert!(twin.notation == 4 && !is_too_long);
            let expected = match len {
                0 => Deframed::Control { body: &[], consumed: 4 },
                needed => Deframed::Partial { needed },
            };
            assert_eq!(framing.deframe(&header), Ok(expected));
        }
        Err(error) if twin.notation == 4 => assert_refused(error, false, is_too_long),
        Err(error) => {
            assert_told(error.kind().as_str(), &error);
            assert_eq!(error.kind(), FrameErrorKind::NoControl);
        }
    }
}

fn assert_refused(error: FrameError, is_empty: bool, is_too_long: bool) {
    let kind = error.kind();
    assert_told(kind.as_str(), &kind.as_str());
    assert_eq!(kind == FrameErrorKind::Empty, is_empty);
    assert_eq!(matches!(kind, FrameErrorKind::TooLong { .. }), is_too_long && !is_empty);
    assert!(is_empty || is_too_long);
    assert_eq!((error.offset(), error.resume()), (0, None));
}

/// One frame after the other, at every cut up to its end and with all that follows.
fn assert_cut(twin: &Twin, mut stream: &[u8]) {
    loop {
        let _ = assert_first(twin, stream).inspect(assert_shown);
        let first = (0..=stream.len()).find_map(|cut| match assert_first(twin, &stream[..cut]) {
            Ok(Deframed::Partial { .. }) => None,
            whole => Some((cut, whole)),
        });
        let taken = match first {
            Some((
                cut,
                Ok(Deframed::Frame { consumed, .. } | Deframed::Control { consumed, .. }),
            )) => {
                assert_eq!(consumed, cut);
                consumed
            }
            Some((_, Err((_, _, Some(header))))) => header,
            _ => return,
        };
        stream = &stream[taken..];
    }
}

/// The slow reading finds the same.
fn assert_first<'a>(twin: &Twin, received: &'a [u8]) -> Slow<'a> {
    let found = twin.framing().deframe(received);
    let expected = twin.read(received);
    match (found, &expected) {
        (Err(error), Err((kind, offset, resume))) => {
            assert_eq!((error.kind(), error.resume()), (*kind, *resume));
            assert_eq!(usize::try_from(error.offset()), Ok(*offset));
            assert!(!error.to_string().contains('\n') && !error.kind().as_str().is_empty());
        }
        (Ok(found), Ok(expected)) => {
            assert_eq!(found, *expected);
            // The same length is sent, where the header has nothing but it.
            if let Deframed::Frame { message, .. } = found {
                let header = twin.framing().header(message.len()).unwrap();
                let own = if twin.notation == 4 { 2 } else { header.len() };
                assert_eq!(header[..own], received[..own]);
            }
        }
        (found, expected) => panic!("{found:?}, not {expected:?}"),
    }
    expected
}

/// Lengths are shown, and no byte of a message.
fn assert_shown(found: &Deframed<'_>) {
    let shown = match found {
        Deframed::Frame { message, consumed } => {
            format!("Frame({} bytes, {consumed} consumed)", message.len())
        }
        Deframed::Control { body, consumed } => {
            format!("Control({} bytes, {consumed} consumed)", body.len())
        }
        Deframed::Partial { needed } => format!("Partial({needed} needed)"),
    };
    assert_eq!(format!("{found:?}"), shown);
}

/// What a slow reading finds: a frame, or which rule is broken, at which byte, and where the stream goes on.
type Slow<'a> = Result<Deframed<'a>, (FrameErrorKind, usize, Option<usize>)>;

/// A framing, read the slow and obvious way.
struct Twin {
    /// Place in the list of notations: 2 and 4 binary, ASCII, BCD, Visa's.
    notation: usize,
    counts_itself: bool,
    limit: Option<u32>,
}

impl Twin {
    fn choose(choices: &mut Choices<'_>) -> Self {
        let notation = usize::from(choices.u8() % 5);
        let flags = choices.u8();
        let limit = u32::from_be_bytes(choices.array());
        Self { notation, counts_itself: flags & 1 != 0, limit: (flags & 2 != 0).then_some(limit) }
    }

    fn framing(&self) -> Framing {
        let mut framing =
            [Framing::BINARY_2, Framing::BINARY_4, Framing::ASCII_4, Framing::BCD_2, Framing::VMLH]
                [self.notation];
        if self.counts_itself {
            framing = framing.counting_itself();
        }
        match self.limit {
            Some(limit) => framing.with_max(limit),
            None => framing,
        }
    }

    fn width(&self) -> usize {
        [2, 4, 4, 2, 4][self.notation]
    }

    /// Bytes of the length that it counts.
    fn own(&self) -> u64 {
        let counts = self.counts_itself && self.notation != 4;
        if counts { u64::try_from(self.width()).unwrap() } else { 0 }
    }

    fn maximum(&self) -> u64 {
        let can_say = [0xFFFF, 0xFFFF_FFFF, 9_999, 9_999, 0xFFFF][self.notation] - self.own();
        can_say.min(u64::from(self.limit.unwrap_or(65_535)))
    }

    /// The length as a text of digits, each with the byte that it is in.
    fn digits(&self, header: &[u8]) -> Vec<(char, usize)> {
        let places = header.iter().enumerate();
        if self.notation == 2 {
            return places.map(|(at, byte)| (char::from(*byte), at)).collect();
        }
        let digit = |half: u8| char::from_digit(half.into(), 16).unwrap();
        places.flat_map(|(at, byte)| [(digit(byte / 16), at), (digit(byte % 16), at)]).collect()
    }

    fn read<'a>(&self, received: &'a [u8]) -> Slow<'a> {
        let width = self.width();
        let header = &received[..width.min(received.len())];
        let digits = self.digits(header);
        let base = if matches!(self.notation, 2 | 3) { 10 } else { 16 };
        if let Some((_, at)) = digits.iter().find(|(digit, _)| !digit.is_digit(base)) {
            return Err((FrameErrorKind::NotANumber, *at, None));
        }
        if header.len() < width {
            return Ok(Deframed::Partial { needed: width - header.len() });
        }
        let mut text: String = digits.iter().map(|(digit, _)| *digit).collect();
        let mut is_control = false;
        if self.notation == 4 {
            // Four digits of length, two reserved, the format, the platform.
            is_control = text.as_bytes()[6] == b'2';
            text.truncate(4);
        }
        let counted = u64::from_str_radix(&text, base).unwrap();
        if counted < self.own() {
            return Err((FrameErrorKind::BelowItself, 0, None));
        }
        let length = counted - self.own();
        if length == 0 && !is_control {
            return Err((FrameErrorKind::Empty, 0, Some(width)));
        }
        if length > self.maximum() {
            let maximum = u32::try_from(self.maximum()).unwrap();
            return Err((FrameErrorKind::TooLong { maximum }, 0, None));
        }
        let consumed = width + usize::try_from(length).unwrap();
        if received.len() < consumed {
            return Ok(Deframed::Partial { needed: consumed - received.len() });
        }
        let body = &received[width..consumed];
        Ok(if is_control {
            Deframed::Control { body, consumed }
        } else {
            Deframed::Frame { message: body, consumed }
        })
    }
}
