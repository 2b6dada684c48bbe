//! Frames for `tokio_util`'s `Framed` (feature `tokio-codec`).
//!
//! A [`FrameCodec`] takes frames off the front of what was received, without a copy, and puts lengths before the messages
//! that are sent. It needs `tokio_util::codec` and no runtime.
//!
//! ```
//! use bytes::BytesMut;
//! use iso8583_wire::frame::Framing;
//! use iso8583_wire::tokio_codec::{Frame, FrameCodec};
//! use tokio_util::codec::{Decoder, Encoder};
//!
//! let mut codec = FrameCodec::new(Framing::BINARY_2.with_max(2_048));
//! let mut line = BytesMut::new();
//! codec.encode(b"0800", &mut line)?;
//! assert_eq!(line, b"\x00\x040800"[..]);
//! let Some(Frame::Message(message)) = codec.decode(&mut line)? else { panic!() };
//! assert_eq!(message, b"0800"[..]);
//! # Ok::<(), iso8583_wire::tokio_codec::FrameCodecError>(())
//! ```
//!
//! Over a connection:
//!
//! ```text
//! let mut link = Framed::new(stream, FrameCodec::new(Framing::VMLH.with_max(2_048)));
//! while let Some(frame) = link.next().await {
//!     match frame? {
//!         Frame::Message(request) => link.send(&answer(&request)[..]).await?,
//!         Frame::Control(_) => last_sign_of_life = Instant::now(),
//!     }
//! }
//! ```

extern crate std;

use core::fmt;
use std::io;

use bytes::{Buf, BufMut, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

use crate::frame::{Deframed, FrameError, FrameErrorKind, FrameHeader, Framing};

/// A [`Framing`] as a codec: lengths are taken off on one way and put before messages on the other.
///
/// An error of [`decode`](Decoder::decode) consumes nothing, and it is the end: a `Framed` that has given one does not go on
/// with what it has received. On links where a length of zero keeps the connection alive, say so:
/// [`with_keep_alives`](Self::with_keep_alives).
///
/// # Security
/// Memory is reserved for the frame that a peer announces, at most [`Framing::maximum`] bytes: set a limit. Buffers hold
/// card data, and nothing here wipes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameCodec {
    framing: Framing,
    has_keep_alives: bool,
}

impl FrameCodec {
    /// A codec for this framing.
    #[must_use]
    pub const fn new(framing: Framing) -> Self {
        Self { framing, has_keep_alives: false }
    }

    /// The same codec for a link on which a length of zero is a sign of life, received and sent as an empty
    /// [`Frame::Control`].
    #[must_use]
    pub const fn with_keep_alives(self) -> Self {
        Self { has_keep_alives: true, ..self }
    }

    /// Takes a length of zero off the front, where that is a sign of life.
    fn keep_alive(self, received: &mut BytesMut) -> Option<Frame> {
        let error = self.framing.deframe(received).err()?;
        let width = error.resume()?;
        if !self.has_keep_alives || error.kind() != FrameErrorKind::Empty {
            return None;
        }
        received.advance(width.min(received.len()));
        Some(Frame::Control(BytesMut::new()))
    }

    /// The framing.
    #[must_use]
    pub const fn framing(&self) -> Framing {
        self.framing
    }
}

/// A frame without its length.
#[derive(Clone, PartialEq, Eq)]
pub enum Frame {
    /// A message, with its header if it has one.
    Message(BytesMut),
    /// A sign of life: the body of a session control frame of [`Framing::VMLH`], which may be empty, or of a length of zero
    /// where these are [keep-alives](FrameCodec::with_keep_alives).
    ///
    /// Send your own by a timer, not in answer to one: two ends that answer each other's never stop.
    Control(BytesMut),
}

/// Shows lengths, not bytes.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(message) => write!(f, "Message({} bytes)", message.len()),
            Self::Control(body) => write!(f, "Control({} bytes)", body.len()),
        }
    }
}

/// Why no frame comes or goes.
#[derive(Debug)]
#[non_exhaustive]
pub enum FrameCodecError {
    /// The stream cannot be cut into frames, or a message cannot be framed.
    Frame(FrameError),
    /// The stream ended inside a frame.
    Truncated {
        /// Bytes that were needed to go on.
        needed: usize,
    },
    /// The connection failed.
    Io(io::Error),
}

impl From<FrameError> for FrameCodecError {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

impl From<io::Error> for FrameCodecError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<FrameCodecError> for io::Error {
    fn from(error: FrameCodecError) -> Self {
        let kind = match error {
            FrameCodecError::Io(error) => return error,
            FrameCodecError::Frame(_) => io::ErrorKind::InvalidData,
            FrameCodecError::Truncated { .. } => io::ErrorKind::UnexpectedEof,
        };
        Self::new(kind, error)
    }
}

impl fmt::Display for FrameCodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(error) => error.fmt(f),
            Self::Truncated { needed } => {
                write!(f, "the stream ended inside a frame, bytes missing: {needed}")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for FrameCodecError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Frame(error) => Some(error),
            Self::Truncated { .. } => None,
            Self::Io(error) => Some(error),
        }
    }
}

impl Decoder for FrameCodec {
    type Item = Frame;
    type Error = FrameCodecError;

    /// Splits the first frame off; `None` and room for the rest of it where it is not whole.
    ///
    /// # Errors
    /// [`FrameCodecError::Frame`], with nothing consumed.
    fn decode(&mut self, received: &mut BytesMut) -> Result<Option<Frame>, FrameCodecError> {
        if let Some(frame) = self.keep_alive(received) {
            return Ok(Some(frame));
        }
        let (consumed, is_control) = match self.framing.deframe(received)? {
            Deframed::Frame { consumed, .. } => (consumed, false),
            Deframed::Control { consumed, .. } => (consumed, true),
            Deframed::Partial { needed } => {
                received.reserve(needed);
                return Ok(None);
            }
        };
        let mut body = received.split_to(consumed);
        body.advance(self.framing.header_len());
        Ok(Some(if is_control { Frame::Control(body) } else { Frame::Message(body) }))
    }

    /// As `decode`, for what is left when the stream has ended.
    ///
    /// # Errors
    /// [`FrameCodecError::Truncated`] where that is a part of a frame, too.
    fn decode_eof(&mut self, received: &mut BytesMut) -> Result<Option<Frame>, FrameCodecError> {
        if received.is_empty() {
            return Ok(None);
        }
        match self.framing.deframe(received) {
            Ok(Deframed::Partial { needed }) => Err(FrameCodecError::Truncated { needed }),
            _ => self.decode(received),
        }
    }
}

/// Puts the length before a message.
impl<M: AsRef<[u8]>> Encoder<M> for FrameCodec {
    type Error = FrameCodecError;

    /// # Errors
    /// [`FrameCodecError::Frame`], with nothing written.
    fn encode(&mut self, message: M, line: &mut BytesMut) -> Result<(), FrameCodecError> {
        let message = message.as_ref();
        put(&self.framing.header(message.len())?, message, line);
        Ok(())
    }
}

/// Sends a frame as it was received, session control too.
impl Encoder<Frame> for FrameCodec {
    type Error = FrameCodecError;

    /// # Errors
    /// [`FrameCodecError::Frame`], with nothing written.
    fn encode(&mut self, frame: Frame, line: &mut BytesMut) -> Result<(), FrameCodecError> {
        match frame {
            Frame::Message(message) => self.encode(message, line),
            Frame::Control(body) => {
                let header = match self.framing.control(body.len()) {
                    Err(_) if self.has_keep_alives && body.is_empty() => self.framing.keep_alive(),
                    header => header?,
                };
                put(&header, &body, line);
                Ok(())
            }
        }
    }
}

fn put(header: &FrameHeader, body: &[u8], line: &mut BytesMut) {
    line.reserve(header.len().saturating_add(body.len()));
    line.put_slice(header);
    line.put_slice(body);
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;
    use std::{format, vec};

    use super::*;

    const VMLH: FrameCodec = FrameCodec::new(Framing::VMLH);

    #[test]
    fn lengths_of_zero_are_signs_of_life_where_that_is_said() {
        let stream = b"\0\0\0\0\0\x040800\0\0\0\x02ab\0\0";
        let strict = FrameCodec::new(Framing::BINARY_2);
        let error = strict.clone().decode(&mut stream[..].into()).unwrap_err();
        assert!(matches!(error, FrameCodecError::Frame(error) if error.resume() == Some(2)));
        let alive = || Frame::Control(BytesMut::new());
        let expected = [alive(), alive(), message(b"0800"), alive(), message(b"ab"), alive()];
        for cut in 0..=stream.len() {
            let (mut codec, mut line, mut found) =
                (strict.with_keep_alives(), BytesMut::new(), Vec::new());
            for part in [&stream[..cut], &stream[cut..]] {
                line.extend_from_slice(part);
                while let Some(frame) = codec.decode(&mut line).unwrap() {
                    found.push(frame);
                }
            }
            assert_eq!(found, expected, "{cut}");
            assert_eq!(codec.decode_eof(&mut line).unwrap(), None);
            for frame in found {
                codec.encode(frame, &mut line).unwrap();
            }
            assert_eq!(line, stream[..]);
        }
        let mut codec = FrameCodec::new(Framing::ASCII_4.counting_itself()).with_keep_alives();
        let mut line = BytesMut::new();
        codec.encode(alive(), &mut line).unwrap();
        assert_eq!(line, b"0004"[..]);
        assert_eq!(codec.decode_eof(&mut line).unwrap(), Some(alive()));
        // Anything else is as wrong as before.
        assert!(codec.decode(&mut b"-001"[..].into()).is_err());
        assert!(codec.encode(Frame::Control(b"x"[..].into()), &mut line).is_err());
    }

    fn message(bytes: &[u8]) -> Frame {
        Frame::Message(bytes.into())
    }

    /// Two messages with a heartbeat between them, and the bytes that they are.
    fn frames() -> ([Frame; 3], BytesMut) {
        let frames = [message(b"0800"), Frame::Control(BytesMut::new()), message(&[7; 300])];
        let mut line = BytesMut::new();
        for frame in frames.clone() {
            VMLH.clone().encode(frame, &mut line).unwrap();
        }
        (frames, line)
    }

    #[test]
    fn fed_in_pieces_of_any_size_the_same_frames_come() {
        let (frames, line) = frames();
        for size in 1..=line.len() {
            let mut codec = VMLH;
            let (mut received, mut found) = (BytesMut::new(), Vec::new());
            for piece in line.chunks(size) {
                received.extend_from_slice(piece);
                while let Some(frame) = codec.decode(&mut received).unwrap() {
                    found.push(frame);
                }
            }
            assert_eq!(found, frames, "pieces of {size}");
            assert_eq!(codec.decode_eof(&mut received).unwrap(), None);
        }
    }

    #[test]
    fn a_stream_that_ends_inside_a_frame_is_an_error() {
        let (frames, line) = frames();
        let ends = [0, 8, 12, line.len()];
        for len in 0..=line.len() {
            let mut received = BytesMut::from(&line[..len]);
            let mut found = Vec::new();
            let end = loop {
                match VMLH.clone().decode_eof(&mut received) {
                    Ok(Some(frame)) => found.push(frame),
                    end => break end,
                }
            };
            let whole = ends.iter().filter(|end| **end <= len).count() - 1;
            assert_eq!(found, frames[..whole]);
            match end {
                Ok(_) => assert_eq!(ends[whole], len),
                Err(FrameCodecError::Truncated { needed }) => {
                    let width = ends[whole] + 4;
                    let missing = if len < width { width } else { ends[whole + 1] };
                    assert_eq!(needed, missing - len);
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn room_is_made_for_what_a_frame_lacks() {
        let mut received = BytesMut::from(&b"\x03\xE8"[..]);
        assert_eq!(FrameCodec::new(Framing::BINARY_2).decode(&mut received).unwrap(), None);
        assert!(received.capacity() >= 1_002, "{}", received.capacity());
    }

    #[test]
    fn a_frame_is_not_copied() {
        let mut received = BytesMut::from(&b"\0\x03abc\0"[..]);
        let place = received[2..].as_ptr();
        let Ok(Some(Frame::Message(message))) =
            FrameCodec::new(Framing::BINARY_2).decode(&mut received)
        else {
            panic!()
        };
        assert_eq!(
            (message.as_ptr(), &message[..], &received[..]),
            (place, &b"abc"[..], &b"\0"[..])
        );
    }

    #[test]
    fn an_error_consumes_nothing_and_an_empty_frame_may_be_skipped() {
        let mut codec = FrameCodec::new(Framing::BINARY_2);
        let mut received = BytesMut::from(&b"\0\0\0\x01x"[..]);
        let Err(FrameCodecError::Frame(error)) = codec.decode(&mut received) else { panic!() };
        assert_eq!((error.kind(), received.len()), (FrameErrorKind::Empty, 5));
        received.advance(error.resume().unwrap());
        assert_eq!(codec.decode(&mut received).unwrap(), Some(message(b"x")));
    }

    #[test]
    fn what_cannot_be_framed_leaves_the_line_alone() {
        let mut codec = FrameCodec::new(Framing::ASCII_4.with_max(3));
        let mut line = BytesMut::new();
        assert!(codec.encode(vec![7; 4], &mut line).is_err());
        assert!(codec.encode(Frame::Control(BytesMut::new()), &mut line).is_err());
        assert!(line.is_empty());
        codec.encode(&b"abc"[..], &mut line).unwrap();
        assert_eq!(line, b"0003abc"[..]);
    }

    #[test]
    fn shows_lengths_and_becomes_an_error_of_io() {
        assert_eq!(format!("{:?}", message(b"4111111111111111")), "Message(16 bytes)");
        let error = FrameCodecError::Truncated { needed: 3 };
        assert_eq!(error.to_string(), "the stream ended inside a frame, bytes missing: 3");
        assert_eq!(io::Error::from(error).kind(), io::ErrorKind::UnexpectedEof);
        let error = Framing::BINARY_2.header(0).map_err(FrameCodecError::from).unwrap_err();
        assert_eq!(io::Error::from(error).kind(), io::ErrorKind::InvalidData);
        let error = FrameCodecError::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(io::Error::from(error).kind(), io::ErrorKind::BrokenPipe);
    }
}
