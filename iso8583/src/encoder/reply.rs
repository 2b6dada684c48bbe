//! The answer to a message, with what it repeats of it.

use core::fmt;

use crate::{Bitmap, Composer, Encoder, Error, ErrorKind, FieldRef, MessageRef, Path, Unsealed};

/// Writes the answer to a message: its type, what the dialect repeats of the request, and what the caller adds.
///
/// Fields are added in ascending order, as with an [`Encoder`]; those that are repeated are put between them. One that is
/// set here is not repeated, nor is one that [`Reply::without`] names.
///
/// # Security
/// The card number is repeated where the dialect's answers carry it. What a refused value leaves in the buffer is as for an
/// [`Encoder`].
///
/// # Examples
/// ```
/// use iso8583_wire::{Encoder, MessageRef, dialect::ISO87_ASCII};
///
/// let request = MessageRef::parse(&ISO87_ASCII, b"08002020000000800000000000000042TERM0001")?;
/// let mut buffer = [0; 64];
/// let mut reply = Encoder::reply_to(&request, &mut buffer)?;
/// reply.text(39, "00")?;
/// assert_eq!(reply.finish()?, b"0810202000000280000000000000004200TERM0001");
/// # Ok::<(), iso8583_wire::Error>(())
/// ```
pub struct Reply<'r, 's, 'a, 'b> {
    encoder: Encoder<'s, 'b>,
    request: &'r MessageRef<'s, 'a>,
    /// What is still to be repeated.
    echoes: Bitmap,
}

impl<'s, 'b> Encoder<'s, 'b> {
    /// Begins the answer to a message, in the same dialect.
    ///
    /// # Errors
    /// [`ErrorKind::NotAnswered`] where [`Mti::response`](crate::Mti::response) has none, [`ErrorKind::BufferTooSmall`].
    pub fn reply_to<'r, 'a>(
        request: &'r MessageRef<'s, 'a>,
        buffer: &'b mut [u8],
    ) -> Result<Reply<'r, 's, 'a, 'b>, Error> {
        let Some(mti) = request.mti().response() else {
            return Err(Error::new(ErrorKind::NotAnswered, 0, Path::MTI));
        };
        let encoder = Self::new(request.spec(), mti, buffer)?;
        let echoes = request.spec().echoes().and(request.carried());
        Ok(Reply { encoder, request, echoes })
    }
}

impl<'s, 'b> Reply<'_, 's, '_, 'b> {
    /// Leaves out a data element that would be repeated.
    ///
    /// # Errors
    /// [`ErrorKind::FieldOrder`] where it was written already, because a later field was set: say it before.
    pub fn without(&mut self, number: u16) -> Result<&mut Self, Error> {
        if self.encoder.carries(number) {
            let kind = ErrorKind::FieldOrder { after: self.encoder.last() };
            return Err(Error::new(kind, 0, Path::field(number)));
        }
        Ok(self.set(number))
    }

    /// A data element that is not repeated any more.
    fn set(&mut self, number: u16) -> &mut Self {
        self.echoes.remove(number);
        self
    }

    /// Writes a text field; see [`Encoder::text`].
    ///
    /// # Errors
    /// As [`Encoder::text`], for this field or for one that is repeated before it.
    pub fn text(&mut self, number: u16, text: &str) -> Result<&mut Self, Error> {
        self.before(number)?.text(number, text)?;
        Ok(self.set(number))
    }

    /// Writes a number; see [`Encoder::number`].
    ///
    /// # Errors
    /// As [`Reply::text`].
    pub fn number(&mut self, number: u16, value: u64) -> Result<&mut Self, Error> {
        self.before(number)?.number(number, value)?;
        Ok(self.set(number))
    }

    /// Writes a binary field, or text bytes in a charset of the network's own; see [`Encoder::bytes`].
    ///
    /// # Errors
    /// As [`Reply::text`].
    pub fn bytes(&mut self, number: u16, bytes: &[u8]) -> Result<&mut Self, Error> {
        self.before(number)?.bytes(number, bytes)?;
        Ok(self.set(number))
    }

    /// Writes a field that is made of parts; see [`Encoder::composite`].
    ///
    /// # Errors
    /// As [`Encoder::composite`], or for a field that is repeated before it.
    pub fn composite(
        &mut self,
        number: u16,
        compose: impl FnOnce(&mut Composer<'s, '_>) -> Result<(), Error>,
    ) -> Result<&mut Self, Error> {
        self.before(number)?.composite(number, compose)?;
        Ok(self.set(number))
    }

    /// Writes a field that is made of parts, with an error of the caller's own; see [`Encoder::try_composite`].
    ///
    /// # Errors
    /// As [`Reply::composite`].
    pub fn try_composite<E: From<Error>>(
        &mut self,
        number: u16,
        compose: impl FnOnce(&mut Composer<'s, '_>) -> Result<(), E>,
    ) -> Result<&mut Self, E> {
        self.before(number)?.try_composite(number, compose)?;
        Ok(self.set(number))
    }

    /// Writes a field of another message as it stands there; see [`Encoder::copy`].
    ///
    /// # Errors
    /// As [`Encoder::copy`], or for a field that is repeated before it.
    pub fn copy(&mut self, from: &FieldRef<'_, '_>) -> Result<&mut Self, Error> {
        let number = from.number();
        self.before(number)?.copy(from)?;
        Ok(self.set(number))
    }

    /// Repeats what is left and gives the finished answer.
    ///
    /// # Errors
    /// [`ErrorKind::BufferTooSmall`], [`ErrorKind::MessageTooLong`].
    pub fn finish(self) -> Result<&'b [u8], Error> {
        Ok(self.complete()?.finish())
    }

    /// Repeats what is left and ends the answer with a message authentication code; see [`Encoder::finish_with_mac`].
    ///
    /// # Errors
    /// As [`Encoder::finish_with_mac`].
    pub fn finish_with_mac(mut self) -> Result<Unsealed<'s, 'b>, Error> {
        // A code is over this message and never repeated.
        self.set(64).set(128).set(192);
        self.complete()?.finish_with_mac()
    }

    /// Repeats what is left and ends the answer with a message authentication code in a field of the caller's choice; see
    /// [`Encoder::finish_with_mac_in`].
    ///
    /// # Errors
    /// As [`Encoder::finish_with_mac_in`].
    pub fn finish_with_mac_in(mut self, number: u16) -> Result<Unsealed<'s, 'b>, Error> {
        self.set(number);
        self.complete()?.finish_with_mac_in(number)
    }

    /// The encoder, behind every field that is repeated before this number.
    fn before(&mut self, number: u16) -> Result<&mut Encoder<'s, 'b>, Error> {
        for echo in self.echoes.below(number).iter() {
            if let Some(field) = self.request.get(echo) {
                self.encoder.copy(&field)?;
            }
            self.echoes.remove(echo);
        }
        Ok(&mut self.encoder)
    }

    fn complete(mut self) -> Result<Encoder<'s, 'b>, Error> {
        self.before(u16::MAX)?;
        Ok(self.encoder)
    }
}

/// Shows the message type and which fields were written and are to be repeated, not their values.
impl fmt::Debug for Reply<'_, '_, '_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("encoder", &self.encoder)
            .field("echoes", &self.echoes)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;

    use super::*;
    use crate::dialect::ISO87_BCD;
    use crate::{Mti, dialect};

    fn purchase(buffer: &mut [u8]) -> &[u8] {
        let mut request =
            Encoder::new(&ISO87_BCD, Mti::from_digits(b"0201").unwrap(), buffer).unwrap();
        request.text(2, "4111111111111111").unwrap().number(4, 1_999).unwrap();
        request.number(11, 42).unwrap().text(41, "TERM0001").unwrap().number(70, 301).unwrap();
        request.finish()
    }

    #[test]
    fn repeats_what_the_dialect_says_around_what_is_set() {
        let mut buffers = ([0; 128], [0; 128]);
        let request = MessageRef::parse(&ISO87_BCD, purchase(&mut buffers.0)).unwrap();
        let mut reply = Encoder::reply_to(&request, &mut buffers.1).unwrap();
        reply
            .without(2)
            .unwrap()
            .number(4, 999)
            .unwrap()
            .text(38, "A1")
            .unwrap()
            .text(39, "00")
            .unwrap();
        let reply = MessageRef::parse(&ISO87_BCD, reply.finish().unwrap()).unwrap();
        assert_eq!(reply.mti(), Mti::from_digits(b"0210").unwrap());
        assert_eq!(reply.carried().iter().collect::<alloc::vec::Vec<_>>(), [4, 11, 38, 39, 41, 70]);
        assert_eq!(reply.require(4).unwrap().to_u64(), Some(999));
        assert!(reply.require(41).unwrap() == "TERM0001");
    }

    #[test]
    fn a_field_too_early_is_refused_and_the_rest_goes_on() {
        let mut buffers = ([0; 128], [0; 128]);
        let request = MessageRef::parse(&ISO87_BCD, purchase(&mut buffers.0)).unwrap();
        let mut reply = Encoder::reply_to(&request, &mut buffers.1).unwrap();
        reply.text(39, "00").unwrap();
        assert_eq!(reply.without(2).unwrap_err().kind(), ErrorKind::FieldOrder { after: 39 });
        assert_eq!(reply.text(38, "A1").unwrap_err().kind(), ErrorKind::FieldOrder { after: 39 });
        let unsealed = reply.finish_with_mac().unwrap();
        let reply = MessageRef::parse(&ISO87_BCD, unsealed.seal(&[7; 8]).unwrap()).unwrap();
        assert_eq!(reply.carried().last(), Some(128));
    }

    #[test]
    fn an_answer_is_not_answered() {
        let mut buffer = [0; 64];
        let wire = b"0210000000000000000000";
        let answer = MessageRef::parse(&dialect::ISO87_ASCII, wire.get(..20).unwrap()).unwrap();
        let error = Encoder::reply_to(&answer, &mut buffer).unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::NotAnswered, Path::MTI));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let mut buffers = ([0; 128], [0; 40]);
        let request = MessageRef::parse(&ISO87_BCD, purchase(&mut buffers.0)).unwrap();
        let mut reply = Encoder::reply_to(&request, &mut buffers.1).unwrap();
        reply.text(39, "00").unwrap();
        assert!(matches!(reply.finish().unwrap_err().kind(), ErrorKind::BufferTooSmall { .. }));
    }
}
