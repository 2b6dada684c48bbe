//! The first frame of what was received.

use core::fmt;

use super::{FrameError, FrameErrorKind, Framing};

/// What was found in the bytes received so far.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Deframed<'a> {
    /// A whole message.
    Frame {
        /// The message without its length.
        message: &'a [u8],
        /// Bytes of length and message: what to drop before the next call.
        consumed: usize,
    },
    /// A whole frame of session control, a heartbeat: its body is no message. Only [`Framing::VMLH`] has these.
    Control {
        /// The body without its length; often empty.
        body: &'a [u8],
        /// Bytes of length and body: what to drop before the next call.
        consumed: usize,
    },
    /// At least so many more bytes have to be received before anything can be said.
    Partial {
        /// Bytes needed beyond those given.
        needed: usize,
    },
}

/// Shows lengths, not the message.
impl fmt::Debug for Deframed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame { message, consumed } => {
                write!(f, "Frame({} bytes, {consumed} consumed)", message.len())
            }
            Self::Control { body, consumed } => {
                write!(f, "Control({} bytes, {consumed} consumed)", body.len())
            }
            Self::Partial { needed } => write!(f, "Partial({needed} needed)"),
        }
    }
}

impl Framing {
    /// Looks for a whole frame at the start of what was received.
    ///
    /// A wrong digit is an error as soon as it is there; everything else is said once the length is whole.
    ///
    /// # Errors
    /// For the length at the start, at its offset 0 but for a wrong digit:
    /// - [`FrameErrorKind::Empty`]: zero, where it is no session control. [`FrameError::resume`] says how to go on.
    /// - [`FrameErrorKind::TooLong`]: above [`maximum`](Self::maximum), session control too.
    /// - [`FrameErrorKind::NotANumber`]: a digit is none.
    /// - [`FrameErrorKind::BelowItself`]: less than the bytes that it counts of its own.
    ///
    /// After the last three the stream cannot be followed further: close the connection.
    #[inline]
    pub fn deframe<'a>(&self, received: &'a [u8]) -> Result<Deframed<'a>, FrameError> {
        let width = self.notation.width();
        let Some((header, rest)) = received.split_at_checked(width) else {
            return match self.notation.wrong_digit(received) {
                Some(at) => Err(not_a_number(at)),
                None => Ok(Deframed::Partial { needed: width.saturating_sub(received.len()) }),
            };
        };
        let Some((counted, is_control)) = self.notation.read(header) else {
            return Err(not_a_number(self.notation.wrong_digit(header).unwrap_or_default()));
        };
        let Some(length) = counted.checked_sub(self.own()) else {
            return Err(FrameError::new(FrameErrorKind::BelowItself, 0));
        };
        match self.check(length) {
            Err(FrameErrorKind::Empty) if is_control => {}
            Err(FrameErrorKind::Empty) => {
                let after = u8::try_from(width).unwrap_or(u8::MAX);
                return Err(FrameError::new(FrameErrorKind::Empty, 0).resuming(after));
            }
            Err(kind) => return Err(FrameError::new(kind, 0)),
            Ok(()) => {}
        }
        // More than a usize is more than any slice has.
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(body) = rest.get(..length) else {
            return Ok(Deframed::Partial { needed: length.saturating_sub(rest.len()) });
        };
        let consumed = width.saturating_add(length);
        Ok(if is_control {
            Deframed::Control { body, consumed }
        } else {
            Deframed::Frame { message: body, consumed }
        })
    }
}

/// The byte at fault is one of at most four.
#[cold]
fn not_a_number(at: usize) -> FrameError {
    FrameError::new(FrameErrorKind::NotANumber, u32::try_from(at).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;
    use alloc::vec::Vec;

    use super::*;

    const ALL: [Framing; 9] = [
        Framing::BINARY_2,
        Framing::BINARY_4,
        Framing::ASCII_4,
        Framing::BCD_2,
        Framing::VMLH,
        Framing::BINARY_2.counting_itself(),
        Framing::BINARY_4.counting_itself(),
        Framing::ASCII_4.counting_itself(),
        Framing::BCD_2.counting_itself(),
    ];

    #[test]
    fn a_stream_cut_anywhere_gives_the_same_messages() {
        let messages: [&[u8]; 3] = [b"one", &[7; 300], b"x"];
        for framing in ALL {
            let mut stream = Vec::new();
            for message in messages {
                stream.extend_from_slice(&framing.header(message.len()).unwrap());
                stream.extend(message);
            }
            for cut in (0..=stream.len()).step_by(if cfg!(miri) { 43 } else { 1 }) {
                let mut found = Vec::new();
                let mut received = Vec::new();
                for part in [&stream[..cut], &stream[cut..]] {
                    received.extend_from_slice(part);
                    while let Deframed::Frame { message, consumed } =
                        framing.deframe(&received).unwrap()
                    {
                        found.push(message.to_vec());
                        received.drain(..consumed);
                    }
                }
                assert_eq!(found, messages, "{framing:?} cut at {cut}");
                assert!(received.is_empty());
            }
        }
    }

    #[test]
    fn says_how_much_is_missing() {
        for framing in ALL {
            let width = framing.header_len();
            let stream = [&framing.header(5).unwrap()[..], b"12345"].concat();
            for cut in 0..stream.len() {
                let needed = if cut < width { width - cut } else { width + 5 - cut };
                let expected = Ok(Deframed::Partial { needed });
                assert_eq!(framing.deframe(&stream[..cut]), expected, "{framing:?}");
            }
        }
    }

    #[test]
    fn session_control_is_no_message_and_may_be_empty() {
        // A published header of session control: 15 bytes, platform 0.
        let stream = [&[0x00, 0x0F, 0x00, 0x20][..], &[7; 15], &[0, 0, 0, 0x2F], b"\0\x01\0\0x"];
        let stream = stream.concat();
        let found = Framing::VMLH.deframe(&stream).unwrap();
        assert_eq!(found, Deframed::Control { body: &[7; 15], consumed: 19 });
        assert_eq!(format!("{found:?}"), "Control(15 bytes, 19 consumed)");
        let found = Framing::VMLH.deframe(&stream[19..]);
        assert_eq!(found, Ok(Deframed::Control { body: &[], consumed: 4 }));
        let found = Framing::VMLH.deframe(&stream[23..]);
        assert_eq!(found, Ok(Deframed::Frame { message: b"x", consumed: 5 }));
        let error = Framing::VMLH.with_max(14).deframe(&stream).unwrap_err();
        assert_eq!(error.kind(), FrameErrorKind::TooLong { maximum: 14 });
    }

    #[test]
    fn the_reserved_byte_of_visas_header_is_not_looked_at() {
        let found = Framing::VMLH.deframe(&[0, 1, 0xFF, 0x1F, 7]);
        assert_eq!(found, Ok(Deframed::Frame { message: &[7], consumed: 5 }));
    }

    #[test]
    fn a_wrong_digit_is_refused_as_soon_as_it_is_there() {
        for (framing, received, offset) in [
            (Framing::ASCII_4, &b"-001"[..], 0),
            (Framing::ASCII_4, b"-", 0),
            (Framing::ASCII_4, b"00 1", 2),
            (Framing::ASCII_4, b"003:rest", 3),
            (Framing::BCD_2, b"\xA0", 0),
            (Framing::BCD_2, b"\x00\x1F", 1),
        ] {
            let error = framing.deframe(received).unwrap_err();
            let found = (error.kind(), error.offset(), error.resume());
            assert_eq!(found, (FrameErrorKind::NotANumber, offset, None));
        }
        assert_eq!(Framing::ASCII_4.deframe(b"00"), Ok(Deframed::Partial { needed: 2 }));
    }

    #[test]
    fn a_length_that_counts_itself_is_not_smaller_than_that() {
        let framing = Framing::ASCII_4.counting_itself();
        let error = framing.deframe(b"0003").unwrap_err();
        assert_eq!((error.kind(), error.resume()), (FrameErrorKind::BelowItself, None));
        let error = framing.deframe(b"0004").unwrap_err();
        assert_eq!((error.kind(), error.resume()), (FrameErrorKind::Empty, Some(4)));
        let found = framing.deframe(b"0005x");
        assert_eq!(found, Ok(Deframed::Frame { message: b"x", consumed: 5 }));
    }

    #[test]
    fn empty_and_over_long_are_refused() {
        let framing = Framing::BINARY_2.with_max(300);
        let error = framing.deframe(&[0, 0, 1]).unwrap_err();
        assert_eq!((error.kind(), error.resume()), (FrameErrorKind::Empty, Some(2)));
        let error = framing.deframe(&[1, 45]).unwrap_err();
        let too_long = FrameErrorKind::TooLong { maximum: 300 };
        assert_eq!((error.kind(), error.offset(), error.resume()), (too_long, 0, None));
        assert_eq!(framing.deframe(&[1, 44]), Ok(Deframed::Partial { needed: 300 }));
        assert_eq!(framing.deframe(&[1]), Ok(Deframed::Partial { needed: 1 }));
        let error = Framing::BINARY_4.deframe(&[0, 1, 0, 0]).unwrap_err();
        assert_eq!(error.kind(), FrameErrorKind::TooLong { maximum: 65_535 });
    }
}
