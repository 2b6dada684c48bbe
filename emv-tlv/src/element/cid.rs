//! Cryptogram Information Data.

use super::{
    Element,
    codes::{debug, open_codes, reserved, separate},
};
use crate::{Error, ErrorKind, Tag, tags};
use core::fmt;

open_codes! {
    /// What kind of application cryptogram the card made: bits 8 and 7.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.5.
    pub enum CryptogramType {
        Aac = 0, "AAC", "AAC: declined";
        Tc = 1, "TC", "TC: approved";
        Arqc = 2, "ARQC", "ARQC: online authorisation requested";
        /// Any other code, which is reserved.
        Other: reserved;
    }
}

open_codes! {
    /// Why the card decided so, or what it advises: bits 3 to 1.
    ///
    /// Source: EMV 4.4 Book 3, 6.5.5.
    pub enum CryptogramReason {
        NoInformation = 0, "no_info", "no information given";
        ServiceNotAllowed = 1, "service_not_allowed", "service not allowed";
        PinTryLimitExceeded = 2, "pin_try_limit_exceeded", "PIN try limit exceeded";
        IssuerAuthenticationFailed = 3, "issuer_auth_failed", "issuer authentication failed";
        /// Any other code, which is reserved.
        Other: reserved;
    }
}

const TYPE: u8 = 0xC0;
const PAYMENT_SYSTEM: u8 = 0x30;
const ADVICE: u8 = 0x08;
const REASON: u8 = 0x07;

/// Cryptogram Information Data: 1 byte, the kind of cryptogram, whether advice is required, and a reason.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{Cid, CryptogramReason, CryptogramType}, parse};
///
/// let cid: Cid = parse(&[0x9F, 0x27, 0x01, 0x80]).next().ok_or("empty")??.read()?;
/// assert_eq!(cid.cryptogram(), CryptogramType::Arqc);
/// assert_eq!(Cid::new(CryptogramType::Aac, true, CryptogramReason::ServiceNotAllowed).to_byte(), 0x09);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, 6.5.5.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cid(u8);

impl Cid {
    /// A kind of cryptogram, of which the lowest two bits of the code count, whether advice is required, and a reason, of which
    /// the lowest three count; the payment system's bits are 0.
    #[must_use]
    pub const fn new(
        cryptogram: CryptogramType,
        advice_required: bool,
        reason: CryptogramReason,
    ) -> Self {
        let advice = if advice_required { ADVICE } else { 0 };
        Self(cryptogram.code() << 6 | advice | reason.code() & REASON)
    }

    /// The element whose value is this byte.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Self {
        Self(byte)
    }

    /// The value.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// The kind of cryptogram.
    #[must_use]
    pub const fn cryptogram(self) -> CryptogramType {
        CryptogramType::from_code((self.0 & TYPE) >> 6)
    }

    /// Bits 6 and 5, which belong to the payment system: 0 to 3.
    #[must_use]
    pub const fn payment_system_bits(self) -> u8 {
        (self.0 & PAYMENT_SYSTEM) >> 4
    }

    /// Whether the terminal is to send an advice.
    #[must_use]
    pub const fn advice_required(self) -> bool {
        self.0 & ADVICE != 0
    }

    /// The reason or advice.
    #[must_use]
    pub const fn reason(self) -> CryptogramReason {
        CryptogramReason::from_code(self.0 & REASON)
    }
}

impl Element<'_> for Cid {
    const TAGS: &'static [Tag] = &[tags::CRYPTOGRAM_INFORMATION_DATA];

    fn from_value(value: &[u8]) -> Result<Self, Error> {
        match *value {
            [byte] => Ok(Self(byte)),
            _ => Err(Error::new(ErrorKind::WrongLength, 0)),
        }
    }
}

impl fmt::Display for Cid {
    /// Says in words what the card decided; with `{:#}` one fact a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cryptogram())?;
        if self.payment_system_bits() != 0 {
            separate(f)?;
            write!(f, "payment system's bits: {}", self.payment_system_bits())?;
        }
        separate(f)?;
        f.write_str(if self.advice_required() { "advice required" } else { "no advice required" })?;
        separate(f)?;
        write!(f, "{}", self.reason())
    }
}

impl fmt::Debug for Cid {
    /// Shows the byte; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("Cid", &[self.0], f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn every_byte_is_taken_apart_and_put_together() {
        for byte in 0..=0xFF {
            let cid = Cid::from_value(&[byte]).unwrap();
            let again = Cid::new(cid.cryptogram(), cid.advice_required(), cid.reason());
            assert_eq!(again.to_byte() | cid.payment_system_bits() << 4, byte);
            assert_eq!(Cid::from_byte(cid.to_byte()), cid);
        }
        assert_eq!(Cid::from_value(&[]), Err(Error::new(ErrorKind::WrongLength, 0)));
        assert_eq!(Cid::from_value(&[0, 0]), Err(Error::new(ErrorKind::WrongLength, 0)));
    }

    #[test]
    fn says_what_the_card_decided() {
        for (byte, expect) in [
            (0x00, "AAC: declined; no advice required; no information given"),
            (0x4A, "TC: approved; advice required; PIN try limit exceeded"),
            (0xF7, "reserved 03; payment system's bits: 3; no advice required; reserved 07"),
        ] {
            assert_eq!(Cid(byte).to_string(), expect);
        }
        assert_eq!(
            format!("{:#}", Cid(0x80)),
            "ARQC: online authorisation requested\nno advice required\nno information given"
        );
        assert_eq!(format!("{:?}", Cid(0x80)), "Cid(80)");
    }
}
