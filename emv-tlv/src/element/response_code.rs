//! What became of an authorisation, in two characters.

use super::{Element, codes::debug};
use crate::{Error, ErrorKind, Tag, tags};
use core::fmt;

/// Authorisation Response Code: 2 letters or digits, from the issuer, or from the terminal where it could or need not ask.
///
/// # Examples
/// ```
/// use emv_tlv::{element::AuthorisationResponseCode, parse};
///
/// let code: AuthorisationResponseCode = parse(b"\x8A\x02Y3").next().ok_or("empty")??.read()?;
/// assert!(code.is_from_terminal());
/// assert_eq!(code.to_string(), "Y3: unable to go online, offline approved");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 4, Annex A6; ISO 8583:1987 for the issuer's codes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuthorisationResponseCode([u8; 2]);

impl AuthorisationResponseCode {
    /// `Y1`: offline approved.
    pub const OFFLINE_APPROVED: Self = Self(*b"Y1");
    /// `Z1`: offline declined.
    pub const OFFLINE_DECLINED: Self = Self(*b"Z1");
    /// `Y2`: approval after a referral that the card asked for; of earlier editions.
    pub const REFERRAL_APPROVED: Self = Self(*b"Y2");
    /// `Z2`: decline after a referral that the card asked for; of earlier editions.
    pub const REFERRAL_DECLINED: Self = Self(*b"Z2");
    /// `Y3`: unable to go online, offline approved.
    pub const UNABLE_TO_GO_ONLINE_APPROVED: Self = Self(*b"Y3");
    /// `Z3`: unable to go online, offline declined.
    pub const UNABLE_TO_GO_ONLINE_DECLINED: Self = Self(*b"Z3");

    /// The code of two characters.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidDigit`] at the first that is no ASCII letter or digit.
    pub fn new(characters: [u8; 2]) -> Result<Self, Error> {
        match characters.iter().position(|character| !character.is_ascii_alphanumeric()) {
            Some(at) => Err(Error::at(ErrorKind::InvalidDigit, at)),
            None => Ok(Self(characters)),
        }
    }

    /// The value.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 2] {
        self.0
    }

    /// The two characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether the terminal made the code, and not the issuer: `Y1` to `Y3`, `Z1` to `Z3`.
    #[must_use]
    pub const fn is_from_terminal(self) -> bool {
        matches!(self.0, [b'Y' | b'Z', b'1'..=b'3'])
    }

    /// What the code says, where the books and ISO 8583 give it a meaning.
    const fn words(self) -> Option<&'static str> {
        Some(match &self.0 {
            b"Y1" => "offline approved",
            b"Z1" => "offline declined",
            b"Y2" => "approved after referral",
            b"Z2" => "declined after referral",
            b"Y3" => "unable to go online, offline approved",
            b"Z3" => "unable to go online, offline declined",
            b"00" => "approved",
            b"01" => "refer to issuer",
            b"02" => "refer to issuer, special conditions",
            b"03" => "invalid merchant",
            b"04" => "pick up card",
            b"05" => "do not honour",
            b"06" => "error",
            b"07" => "pick up card, special conditions",
            b"08" => "honour with identification",
            b"10" => "approved for partial amount",
            b"12" => "invalid transaction",
            b"13" => "invalid amount",
            b"14" => "invalid card number",
            b"30" => "format error",
            b"41" => "lost card",
            b"43" => "stolen card",
            b"51" => "not sufficient funds",
            b"54" => "expired card",
            b"55" => "incorrect PIN",
            b"57" => "transaction not permitted to cardholder",
            b"58" => "transaction not permitted to terminal",
            b"61" => "exceeds withdrawal amount limit",
            b"65" => "exceeds withdrawal frequency limit",
            b"75" => "PIN tries exceeded",
            b"91" => "issuer or switch is inoperative",
            b"96" => "system malfunction",
            _ => return None,
        })
    }
}

impl Element<'_> for AuthorisationResponseCode {
    const TAGS: &'static [Tag] = &[tags::AUTHORISATION_RESPONSE_CODE];

    /// Reads a code from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are not 2 bytes; [`ErrorKind::InvalidDigit`] as
    /// [`AuthorisationResponseCode::new`].
    fn from_value(value: &[u8]) -> Result<Self, Error> {
        Self::new(value.try_into().map_err(|_| Error::new(ErrorKind::WrongLength, 0))?)
    }
}

impl fmt::Display for AuthorisationResponseCode {
    /// Shows the code, and in words what it says if that is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        self.words().map_or(Ok(()), |words| write!(f, ": {words}"))
    }
}

impl fmt::Debug for AuthorisationResponseCode {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("AuthorisationResponseCode", &self.0, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn is_two_letters_or_digits() {
        let read = AuthorisationResponseCode::from_value;
        for (value, terminal, expect) in [
            (b"Z1", true, "Z1: offline declined"),
            (b"05", false, "05: do not honour"),
            (b"N7", false, "N7"),
            (b"Y4", false, "Y4"),
        ] {
            let code = read(value).unwrap();
            assert_eq!((code.to_bytes(), code.to_string().as_str()), (*value, expect));
            assert_eq!(code.is_from_terminal(), terminal);
        }
        assert_eq!(read(b"0 "), Err(Error::new(ErrorKind::InvalidDigit, 1)));
        assert_eq!(read(&[0, 0]), Err(Error::new(ErrorKind::InvalidDigit, 0)));
        assert_eq!(read(b"000"), Err(Error::new(ErrorKind::WrongLength, 0)));
        let code = AuthorisationResponseCode::OFFLINE_APPROVED;
        assert_eq!(format!("{code:?}"), "AuthorisationResponseCode(5931)");
    }
}
