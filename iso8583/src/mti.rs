//! The message type indicator.

use core::fmt;
use core::str::FromStr;

use crate::{Error, ErrorKind, Path};

/// A message type indicator: four decimal digits for version, class, function and origin.
///
/// # Examples
/// ```
/// use iso8583_wire::{Function, MessageClass, Mti, Origin, Version};
///
/// let purchase = Mti::from_digits(b"0200")?;
/// assert_eq!(purchase.version(), Version::V1987);
/// assert_eq!(purchase.class(), MessageClass::Financial);
/// assert_eq!(purchase.function(), Function::Request);
/// assert_eq!(purchase.origin(), Origin::Acquirer);
/// assert_eq!(purchase.response(), Some(Mti::from_digits(b"0210")?));
/// assert_eq!(purchase.repeat(), Some(Mti::from_digits(b"0201")?));
/// # Ok::<(), iso8583_wire::Error>(())
/// ```
///
/// Source: ISO 8583:1987 and ISO 8583:2003, message type indicator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mti([u8; 4]);

/// First digit: the edition of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// 0: ISO 8583:1987.
    V1987,
    /// 1: ISO 8583:1993.
    V1993,
    /// 2: ISO 8583:2003.
    V2003,
    /// 3 to 7: reserved for ISO.
    Reserved(u8),
    /// 8: national use.
    National,
    /// 9: private use.
    Private,
}

/// Second digit: what the message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageClass {
    /// 1: authorization, no funds move.
    Authorization,
    /// 2: financial, funds move.
    Financial,
    /// 3: file actions.
    FileAction,
    /// 4: reversal and chargeback.
    Reversal,
    /// 5: reconciliation.
    Reconciliation,
    /// 6: administrative.
    Administrative,
    /// 7: fee collection.
    FeeCollection,
    /// 8: network management.
    NetworkManagement,
    /// 0 and 9: reserved for ISO.
    Reserved(u8),
}

/// Third digit: the message's part in the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// 0: request.
    Request,
    /// 1: response to a request.
    Response,
    /// 2: advice.
    Advice,
    /// 3: response to an advice.
    AdviceResponse,
    /// 4: notification, which is not answered (in 2003, acknowledged where asked for).
    Notification,
    /// 5: acknowledgement of a notification (2003).
    NotificationAcknowledgement,
    /// 6: instruction (2003).
    Instruction,
    /// 7: acknowledgement of an instruction (2003).
    InstructionAcknowledgement,
    /// 8 and 9: reserved for ISO.
    Reserved(u8),
}

/// Fourth digit: who began the exchange, and whether this is a repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// 0: acquirer.
    Acquirer,
    /// 1: acquirer, repeat.
    AcquirerRepeat,
    /// 2: card issuer.
    Issuer,
    /// 3: card issuer, repeat.
    IssuerRepeat,
    /// 4: other.
    Other,
    /// 5: other, repeat.
    OtherRepeat,
    /// 6 to 9: reserved for ISO.
    Reserved(u8),
}

impl Mti {
    /// Reads four ASCII digits.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidMti`] where one of them is no decimal digit.
    pub const fn from_digits(digits: &[u8; 4]) -> Result<Self, Error> {
        let [a, b, c, d] = *digits;
        if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit() && d.is_ascii_digit() {
            Ok(Self(*digits))
        } else {
            Err(INVALID)
        }
    }

    /// The four ASCII digits.
    #[inline]
    #[must_use]
    pub const fn digits(&self) -> [u8; 4] {
        self.0
    }

    /// The edition of the standard.
    #[must_use]
    pub const fn version(&self) -> Version {
        match value(self.0[0]) {
            0 => Version::V1987,
            1 => Version::V1993,
            2 => Version::V2003,
            8 => Version::National,
            9 => Version::Private,
            other => Version::Reserved(other),
        }
    }

    /// What the message is about.
    #[must_use]
    pub const fn class(&self) -> MessageClass {
        match value(self.0[1]) {
            1 => MessageClass::Authorization,
            2 => MessageClass::Financial,
            3 => MessageClass::FileAction,
            4 => MessageClass::Reversal,
            5 => MessageClass::Reconciliation,
            6 => MessageClass::Administrative,
            7 => MessageClass::FeeCollection,
            8 => MessageClass::NetworkManagement,
            other => MessageClass::Reserved(other),
        }
    }

    /// The message's part in the exchange.
    #[must_use]
    pub const fn function(&self) -> Function {
        match value(self.0[2]) {
            0 => Function::Request,
            1 => Function::Response,
            2 => Function::Advice,
            3 => Function::AdviceResponse,
            4 => Function::Notification,
            5 => Function::NotificationAcknowledgement,
            6 => Function::Instruction,
            7 => Function::InstructionAcknowledgement,
            other => Function::Reserved(other),
        }
    }

    /// Who began the exchange, and whether this is a repeat.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        match value(self.0[3]) {
            0 => Origin::Acquirer,
            1 => Origin::AcquirerRepeat,
            2 => Origin::Issuer,
            3 => Origin::IssuerRepeat,
            4 => Origin::Other,
            5 => Origin::OtherRepeat,
            other => Origin::Reserved(other),
        }
    }

    /// Whether the last digit says that the message was sent before.
    #[must_use]
    pub const fn is_repeat(&self) -> bool {
        matches!(self.origin(), Origin::AcquirerRepeat | Origin::IssuerRepeat | Origin::OtherRepeat)
    }

    /// The indicator of the answer: the third digit one higher, and no longer a repeat.
    ///
    /// `None` for what is not answered: a response, an acknowledgement, a reserved function, and a
    /// notification or an instruction of the editions before 2003.
    #[must_use]
    pub const fn response(&self) -> Option<Self> {
        let answer = match self.function() {
            Function::Request => b'1',
            Function::Advice => b'3',
            Function::Notification if matches!(self.version(), Version::V2003) => b'5',
            Function::Instruction if matches!(self.version(), Version::V2003) => b'7',
            _ => return None,
        };
        let origin = match self.first_sending() {
            Some(first) => first.0[3],
            None => return None,
        };
        Some(Self([self.0[0], self.0[1], answer, origin]))
    }

    /// Whether this answers or acknowledges something.
    #[must_use]
    pub const fn is_response(&self) -> bool {
        matches!(
            self.function(),
            Function::Response
                | Function::AdviceResponse
                | Function::NotificationAcknowledgement
                | Function::InstructionAcknowledgement
        )
    }

    /// The indicator that this answers: the third digit one lower; `None` where [`Mti::is_response`] is false.
    ///
    /// Of a request and its repeat, which have the same answer, the request. The last digit of an answer that claims to
    /// be a repeat is the same in what it answers.
    #[must_use]
    pub const fn request(&self) -> Option<Self> {
        if !self.is_response() {
            return None;
        }
        let [version, class, function, origin] = self.0;
        Some(Self([version, class, function.wrapping_sub(1), origin]))
    }

    /// The indicator of an advice of what was done instead of asked for: `0200` becomes `0220`, `0400` `0420`.
    ///
    /// `None` for what is neither a request nor an advice. It is a first sending, whatever this is.
    #[must_use]
    pub const fn advice(&self) -> Option<Self> {
        if !matches!(self.function(), Function::Request | Function::Advice) {
            return None;
        }
        let origin = match self.first_sending() {
            Some(first) => first.0[3],
            None => return None,
        };
        Some(Self([self.0[0], self.0[1], b'2', origin]))
    }

    /// The indicator of the reversal of what this began: class 4, as an advice.
    ///
    /// `None` for what is neither a request nor an advice, and for classes that nothing of is reversed: all but
    /// authorization, financial, and reversal itself.
    #[must_use]
    pub const fn reversal_advice(&self) -> Option<Self> {
        if !matches!(
            self.class(),
            MessageClass::Authorization | MessageClass::Financial | MessageClass::Reversal
        ) {
            return None;
        }
        match self.advice() {
            Some(advice) => Some(Self([advice.0[0], b'4', b'2', advice.0[3]])),
            None => None,
        }
    }

    /// The indicator under which the same message is sent again; a repeat stays what it is.
    ///
    /// `None` where the last digit is reserved.
    #[must_use]
    pub const fn repeat(&self) -> Option<Self> {
        let origin = match self.origin() {
            Origin::Acquirer | Origin::AcquirerRepeat => b'1',
            Origin::Issuer | Origin::IssuerRepeat => b'3',
            Origin::Other | Origin::OtherRepeat => b'5',
            Origin::Reserved(_) => return None,
        };
        Some(Self([self.0[0], self.0[1], self.0[2], origin]))
    }

    /// The indicator of the first sending: what it was before [`Mti::repeat`].
    ///
    /// `None` where the last digit is reserved.
    #[must_use]
    pub const fn first_sending(&self) -> Option<Self> {
        let origin = match self.origin() {
            Origin::Acquirer | Origin::AcquirerRepeat => b'0',
            Origin::Issuer | Origin::IssuerRepeat => b'2',
            Origin::Other | Origin::OtherRepeat => b'4',
            Origin::Reserved(_) => return None,
        };
        Some(Self([self.0[0], self.0[1], self.0[2], origin]))
    }
}

const INVALID: Error = Error::new(ErrorKind::InvalidMti, 0, Path::MTI);

/// The value of an ASCII digit.
const fn value(digit: u8) -> u8 {
    digit.wrapping_sub(b'0')
}

impl FromStr for Mti {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digits: &[u8; 4] = text.as_bytes().try_into().map_err(|_| INVALID)?;
        Self::from_digits(digits)
    }
}

impl fmt::Display for Mti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.0).unwrap_or("????"))
    }
}

impl fmt::Debug for Mti {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mti({self})")
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;

    fn mti(text: &str) -> Mti {
        text.parse().unwrap()
    }

    #[test]
    fn answers() {
        for (request, answer) in [
            ("0200", "0210"),
            ("0201", "0210"),
            ("0420", "0430"),
            ("0401", "0410"),
            ("0802", "0812"),
            ("1221", "1230"),
            ("2240", "2250"),
            ("2260", "2270"),
        ] {
            assert_eq!(mti(request).response(), Some(mti(answer)), "{request}");
        }
        for unanswered in ["0210", "0430", "0240", "0260", "0280", "0206", "2150"] {
            assert_eq!(mti(unanswered).response(), None, "{unanswered}");
        }
    }

    #[test]
    fn answers_know_what_they_answer() {
        for (answer, request) in [
            ("0210", "0200"),
            ("0430", "0420"),
            ("2250", "2240"),
            ("2270", "2260"),
            ("0812", "0802"),
        ] {
            assert_eq!(mti(answer).request(), Some(mti(request)), "{answer}");
            assert_eq!(mti(request).response(), Some(mti(answer)), "{request}");
        }
        for other in ["0200", "0420", "0240", "0290"] {
            assert!(!mti(other).is_response() && mti(other).request().is_none(), "{other}");
        }
    }

    #[test]
    fn advices_and_reversals() {
        for (begun, advice, reversal) in [
            ("0200", "0220", "0420"),
            ("0101", "0120", "0420"),
            ("1222", "1222", "1422"),
            ("0403", "0422", "0422"),
        ] {
            assert_eq!(mti(begun).advice(), Some(mti(advice)), "{begun}");
            assert_eq!(mti(begun).reversal_advice(), Some(mti(reversal)), "{begun}");
        }
        assert_eq!((mti("0210").advice(), mti("0207").advice()), (None, None));
        assert_eq!(
            (mti("0800").reversal_advice(), mti("0820").advice()),
            (None, Some(mti("0820")))
        );
    }

    #[test]
    fn repeats() {
        for (first, again) in
            [("0400", "0401"), ("0101", "0101"), ("0422", "0423"), ("0844", "0845")]
        {
            assert_eq!(mti(first).repeat(), Some(mti(again)), "{first}");
            assert!(mti(again).is_repeat());
        }
        assert_eq!(mti("0401").first_sending(), Some(mti("0400")));
        assert_eq!(mti("0407").repeat(), None);
    }

    #[test]
    fn every_digit_has_a_meaning_and_anything_else_is_refused() {
        for number in 0..10_000 {
            let text = alloc::format!("{number:04}");
            let mti = mti(&text);
            assert_eq!(mti.to_string(), text);
            let _ = (mti.version(), mti.class(), mti.function(), mti.origin());
        }
        for bad in ["", "020", "02000", "02A0", "\u{662}\u{662}"] {
            assert_eq!(bad.parse::<Mti>().unwrap_err().kind(), ErrorKind::InvalidMti, "{bad}");
        }
    }
}
