//! Issuer scripts: templates full of commands.

use super::{Command, answer};
use crate::{Error, ErrorKind, Tlv, Tlvs, tags};
use core::{fmt, iter::FusedIterator};

/// An issuer script: template 71, to be carried out before the last GENERATE AC, or 72, after it.
///
/// # Examples
/// ```
/// use emv_tlv::{apdu::{Instruction, IssuerScript}, parse};
///
/// let field_55 = [
///     0x72, 0x12, 0x9F, 0x18, 0x04, 1, 2, 3, 4, 0x86, 0x09, 0x84, 0x1E, 0, 0, 0x04, 1, 2, 3, 4,
/// ];
/// let script = IssuerScript::read(&parse(&field_55).next().ok_or("empty")??)?;
/// assert_eq!(script.identifier, Some(&[1, 2, 3, 4]));
/// for command in script.commands() {
///     assert_eq!(command?.instruction(), Some(Instruction::ApplicationBlock));
/// }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, 10.10.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct IssuerScript<'a> {
    /// Issuer Script Identifier, 9F18.
    pub identifier: Option<&'a [u8; 4]>,
    object: Tlv<'a>,
}

impl<'a> IssuerScript<'a> {
    /// Reads a script from its template. What is in it besides identifier and commands is passed over.
    ///
    /// # Errors
    /// [`ErrorKind::WrongTag`] at another object than 71 and 72; [`ErrorKind::WrongLength`] at an identifier that is not of four bytes;
    /// [`ErrorKind::Duplicate`] at a second one; the kinds of [`Tlvs`]. Commands are read by [`commands`](Self::commands).
    pub fn read(template: &Tlv<'a>) -> Result<Self, Error> {
        if !matches!(
            template.tag(),
            tags::ISSUER_SCRIPT_TEMPLATE_1 | tags::ISSUER_SCRIPT_TEMPLATE_2
        ) {
            return Err(Error::new(ErrorKind::WrongTag, template.offset()));
        }
        let [identifier] = answer::pick(template.children(), [tags::ISSUER_SCRIPT_IDENTIFIER])?;
        Ok(Self { identifier: identifier.map(answer::fixed).transpose()?, object: *template })
    }

    /// Whether it is to be carried out before the last GENERATE AC: template 71.
    #[must_use]
    pub fn is_before_final(&self) -> bool {
        self.object.tag() == tags::ISSUER_SCRIPT_TEMPLATE_1
    }

    /// The commands, in the order in which they are to be sent.
    #[must_use]
    pub fn commands(&self) -> ScriptCommands<'a> {
        ScriptCommands { objects: self.object.children() }
    }

    /// The template.
    #[must_use]
    pub const fn object(&self) -> Tlv<'a> {
        self.object
    }
}

impl fmt::Debug for IssuerScript<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerScript")
            .field("identifier", &self.identifier)
            .field("object", &self.object)
            .finish()
    }
}

/// The iterator of [`IssuerScript::commands`].
///
/// # Errors
/// Where a command is wrong the kinds of [`Command::parse`], counted as the template's offset is. The commands after it follow.
#[derive(Clone, Debug)]
pub struct ScriptCommands<'a> {
    objects: Tlvs<'a>,
}

impl<'a> Iterator for ScriptCommands<'a> {
    type Item = Result<Command<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        // `read` has been over the objects: there is no error but the end.
        let object = self
            .objects
            .by_ref()
            .map_while(Result::ok)
            .find(|object| object.tag() == tags::ISSUER_SCRIPT_COMMAND)?;
        let command = Command::parse(object.value());
        Some(command.map_err(|error| {
            Error::new(error.kind(), object.value_offset().saturating_add(error.offset()))
        }))
    }
}

impl FusedIterator for ScriptCommands<'_> {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, vec::Vec};

    fn read(bytes: &[u8]) -> Result<IssuerScript<'_>, Error> {
        IssuerScript::read(&crate::parse(bytes).next().unwrap().unwrap())
    }

    #[test]
    fn commands_in_their_order_and_the_identifier_anywhere() {
        let bytes = hex!("71 16 86058416000000 9C0100 8603841E00 9F180401020304");
        let script = read(&bytes[..]).unwrap();
        assert!(script.is_before_final());
        assert_eq!(script.identifier, Some(&[1, 2, 3, 4]));
        let commands: Vec<_> = script.commands().collect();
        assert_eq!(commands[0].map(|command| command.ins), Ok(0x16));
        assert_eq!(commands[1], Err(Error::new(ErrorKind::TruncatedValue, 14)));
        assert_eq!(commands.len(), 2);
        let shown = format!("{script:?}");
        assert_eq!(
            shown,
            "IssuerScript { identifier: Some([1, 2, 3, 4]), object: Tlv(71 (22 bytes)) }"
        );
    }

    #[test]
    fn what_is_no_script() {
        let kind = |bytes| read(bytes).map_err(|error| (error.kind(), error.offset())).err();
        assert_eq!(kind(&hex!("7000")), Some((ErrorKind::WrongTag, 0)));
        assert_eq!(kind(&hex!("72049F180101")), Some((ErrorKind::WrongLength, 5)));
        assert_eq!(kind(&hex!("72028605")), Some((ErrorKind::TruncatedValue, 4)));
        assert_eq!(kind(&hex!("7200")), None);
    }
}
