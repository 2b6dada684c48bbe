//! Frames by `tokio_util`'s codec against those taken off by hand.

use std::io;

use bytes::BytesMut;
use iso8583_wire::{
    frame::{Deframed, FrameErrorKind, Framing},
    tokio_codec::{Frame, FrameCodec, FrameCodecError},
};
use tokio_util::codec::{Decoder, Encoder};

/// A codec gives the frames that the framing gives, asks for more where it does, ends at the same fault, and puts before a message or a
/// sign of life what the framing puts there; a length of zero is a sign of life only where that was said.
pub(super) fn assert_codec(framing: Framing, stream: &[u8], piece: usize) {
    for keep_alives in [false, true] {
        let codec = FrameCodec::new(framing);
        let mut codec = if keep_alives { codec.with_keep_alives() } else { codec };
        assert_eq!(codec.framing(), framing);
        let mut received = BytesMut::new();
        let mut rest = stream;
        'received: for part in stream.chunks(piece) {
            received.extend_from_slice(part);
            loop {
                let due = Due::of(framing, &rest[..received.len()], keep_alives);
                assert_end(codec, &received, &due);
                match codec.decode(&mut received) {
                    Ok(Some(frame)) => {
                        let Due::Frame { is_control, body, consumed } = due else {
                            panic!("{frame:?} where {due:?} was due")
                        };
                        let taken = match &frame {
                            Frame::Message(message) => (false, &message[..]),
                            Frame::Control(body) => (true, &body[..]),
                        };
                        assert_eq!(taken, (is_control, body));
                        let shown = format!("{frame:?}");
                        assert!(shown.ends_with(&format!("({} bytes)", body.len())), "{shown}");
                        assert_sent(codec, frame, &rest[..consumed]);
                        rest = &rest[consumed..];
                    }
                    Ok(None) => {
                        assert_eq!(due, Due::More);
                        break;
                    }
                    Err(error) => {
                        assert_told(error, &due);
                        break 'received;
                    }
                }
            }
        }
    }
}

/// What is due of a framing's own reading.
#[derive(Debug, PartialEq)]
enum Due<'a> {
    Frame { is_control: bool, body: &'a [u8], consumed: usize },
    More,
    Fault(FrameErrorKind),
}

impl<'a> Due<'a> {
    fn of(framing: Framing, received: &'a [u8], keep_alives: bool) -> Self {
        match framing.deframe(received) {
            Ok(Deframed::Frame { message, consumed }) => {
                Self::Frame { is_control: false, body: message, consumed }
            }
            Ok(Deframed::Control { body, consumed }) => {
                Self::Frame { is_control: true, body, consumed }
            }
            Ok(Deframed::Partial { .. }) => Self::More,
            Err(error) => match error.resume() {
                Some(consumed) if keep_alives && error.kind() == FrameErrorKind::Empty => {
                    Self::Frame { is_control: true, body: &[], consumed }
                }
                _ => Self::Fault(error.kind()),
            },
        }
    }
}

/// A frame that was received is sent as it came, with a length as it is written here.
fn assert_sent(mut codec: FrameCodec, frame: Frame, came: &[u8]) {
    let mut line = BytesMut::new();
    let again = frame.clone();
    if let Err(error) = codec.encode(frame, &mut line) {
        // An empty message, which no framing writes.
        return assert!(matches!(error, FrameCodecError::Frame(_)), "{error}");
    }
    assert_eq!(line.len(), came.len());
    assert_eq!(codec.decode(&mut line).unwrap(), Some(again));
}

/// The end of the stream inside of a frame is a fault, after a frame it is none.
fn assert_end(mut codec: FrameCodec, received: &[u8], due: &Due<'_>) {
    let found = codec.decode_eof(&mut BytesMut::from(received));
    match (found, due) {
        (Ok(None), Due::More) => assert!(received.is_empty()),
        (Ok(Some(_)), Due::Frame { .. }) => {}
        (Err(FrameCodecError::Truncated { needed }), Due::More) => {
            assert!(needed > 0);
            assert_told(FrameCodecError::Truncated { needed }, due);
        }
        (Err(error), due) => assert_told(error, due),
        (found, due) => panic!("{found:?} where {due:?} was due"),
    }
}

fn assert_told(error: FrameCodecError, due: &Due<'_>) {
    let shown = error.to_string();
    assert!(!shown.is_empty() && !shown.contains('\n'), "{shown}");
    let (is_frame, has_source) =
        (matches!(error, FrameCodecError::Frame(_)), core::error::Error::source(&error).is_some());
    assert_eq!(is_frame, has_source);
    if let FrameCodecError::Frame(error) = &error {
        assert_eq!(&Due::Fault(error.kind()), due);
    }
    let error = io::Error::from(error);
    let kind = if is_frame { io::ErrorKind::InvalidData } else { io::ErrorKind::UnexpectedEof };
    assert_eq!(error.kind(), kind);
    // One that comes from the connection goes through.
    let passed = FrameCodecError::from(io::Error::from(io::ErrorKind::BrokenPipe));
    assert!(core::error::Error::source(&passed).is_some() && !passed.to_string().is_empty());
    assert_eq!(io::Error::from(passed).kind(), io::ErrorKind::BrokenPipe);
}
