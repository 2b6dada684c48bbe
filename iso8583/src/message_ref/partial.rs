//! A message read as far as it goes.

use core::fmt;

use super::{MessageRef, STARTS};
use crate::wire::MAX_LEN;
use crate::{Bitmap, Error, ErrorKind, Mti, Path, Spec, head};

/// What could be read of a message: the fields before the fault, the fault, and the bytes from there on.
///
/// # Examples
/// ```
/// use iso8583_wire::{MessageRef, dialect::ISO87_ASCII};
///
/// // Field 4 lacks its last digit.
/// let partial = MessageRef::parse_partial(&ISO87_ASCII, b"0200300000000000000000000000000001234");
/// assert_eq!(partial.message().unwrap().to_string(), "0200 3=000000");
/// let fault = partial.fault().unwrap();
/// assert_eq!(fault.to_string(), "field 4 at byte 26: bytes needed: 12, bytes left: 11");
/// assert_eq!(partial.rest(), b"00000001234");
/// ```
#[derive(Clone)]
pub struct Partial<'s, 'a> {
    mti: Option<Mti>,
    message: Option<MessageRef<'s, 'a>>,
    fault: Option<Error>,
    rest: &'a [u8],
}

impl<'s, 'a> MessageRef<'s, 'a> {
    /// Reads a message as far as it goes.
    ///
    /// # Security
    /// What follows a fault was not looked at, and what stands before it may have been read at the wrong place: a
    /// partial message is for people who look for the fault, not for payments.
    #[must_use]
    pub fn parse_partial(spec: &'s Spec<'s>, bytes: &'a [u8]) -> Partial<'s, 'a> {
        let message = bytes.get(..MAX_LEN).unwrap_or(bytes);
        let head = match head::read(spec, message) {
            Ok(head) => head,
            Err(error) => {
                let mti = head::read_mti(spec.mti_encoding(), message).ok();
                let at = mti.map_or(0, |(_, at)| at);
                let rest = bytes.get(at..).unwrap_or_default();
                let mti = mti.map(|(mti, _)| mti);
                let fault = Some(too_long(bytes).unwrap_or(error));
                return Partial { mti, message: None, fault, rest };
            }
        };
        let carried = Bitmap::from_words(head.words);
        let mut read = Self {
            spec,
            bytes,
            carried,
            mti: head.mti,
            bitmaps: head.bitmaps,
            is_whole: true,
            starts: [0; STARTS],
        };
        let (end, fault) = match read.walk::<true>(message, head.len) {
            Ok(end) => (end, None),
            Err(error) => {
                // The field at fault begins where the next one would.
                let end = read.starts.get(read.carried.len()).map_or(0, |at| usize::from(*at));
                read.is_whole = false;
                (end, Some(error))
            }
        };
        let rest = bytes.get(end..).unwrap_or_default();
        read.bytes = bytes.get(..end).unwrap_or(bytes);
        let fault = match fault {
            None if !rest.is_empty() => Some(read.left_over(bytes)),
            fault => fault,
        };
        let fault = too_long(bytes).or(fault);
        Partial { mti: Some(head.mti), message: Some(read), fault, rest }
    }
}

/// What is wrong with more bytes than a message may have, whatever is in them.
pub(super) fn too_long(bytes: &[u8]) -> Option<Error> {
    (bytes.len() > MAX_LEN).then(|| Error::new(ErrorKind::MessageTooLong, MAX_LEN, Path::MTI))
}

impl<'s, 'a> Partial<'s, 'a> {
    /// The message type indicator, if it could be read.
    #[must_use]
    pub const fn mti(&self) -> Option<Mti> {
        self.mti
    }

    /// The message as far as it could be read; `None` where its bitmaps could not.
    #[must_use]
    pub const fn message(&self) -> Option<&MessageRef<'s, 'a>> {
        self.message.as_ref()
    }

    /// What is wrong: its path and its offset say where. `None` where the whole message is right.
    #[must_use]
    pub const fn fault(&self) -> Option<Error> {
        self.fault
    }

    /// The bytes from the data element at fault on, or those left over.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

/// Shows what was read, masked, the fault, and the number of bytes left.
impl fmt::Debug for Partial<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial")
            .field("mti", &self.mti)
            .field("message", &self.message)
            .field("fault", &self.fault)
            .field("rest", &self.rest.len())
            .finish()
    }
}
