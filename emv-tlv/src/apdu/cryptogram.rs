//! What GENERATE AC asks for, and what it gets.

use super::{Command, Instruction, answer};
use crate::{
    Error, ErrorKind, Tag, Tlv,
    element::{Cid, CryptogramType},
    tags,
};
use core::fmt;

/// The signature that GENERATE AC asks for besides.
///
/// Source: EMV 4.4 Book 3, 6.5.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Signature {
    /// None.
    #[default]
    None,
    /// Combined dynamic data authentication, RSA.
    Cda,
    /// Extended data authentication, elliptic curves.
    Xda,
}

impl Signature {
    pub(super) const fn to_bits(self) -> u8 {
        match self {
            Self::None => 0x00,
            Self::Cda => 0x10,
            Self::Xda => 0x08,
        }
    }
}

impl Command<'_> {
    /// What a GENERATE AC asks for; none for other commands.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{apdu::{Command, Signature}, element::CryptogramType};
    ///
    /// let command = Command::parse(&[0x80, 0xAE, 0x90, 0x00, 0x01, 0xAA, 0x00])?;
    /// assert_eq!(command.requested_cryptogram(), Some((CryptogramType::Arqc, Signature::Cda)));
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    /// Source: EMV 4.4 Book 3, 6.5.5.2.
    #[must_use]
    pub const fn requested_cryptogram(&self) -> Option<(CryptogramType, Signature)> {
        let Some(Instruction::GenerateAc) = self.instruction() else { return None };
        let signature = match self.p1 & 0x18 {
            0x10 => Signature::Cda,
            0x08 => Signature::Xda,
            // 11 is reserved, and a card takes it for no request.
            _ => Signature::None,
        };
        Some((Cid::from_byte(self.p1).cryptogram(), signature))
    }
}

/// The data of a response to GENERATE AC, of format 1 or 2.
///
/// `Debug` shows the counter and what kind it is; of the rest, how much there is.
///
/// Of format 1 the values stand in a primitive 80, by position and without tags: [`walk`](crate::walk) and
/// [`copy_allowed`](crate::Writer::copy_allowed) do not find them, and field 55 takes them from here.
///
/// # Examples
/// ```
/// use emv_tlv::{apdu::ApplicationCryptogram, element::CryptogramType};
///
/// let data = [0x80, 0x0B, 0x80, 0x00, 0x1C, 1, 2, 3, 4, 5, 6, 7, 8];
/// let answer = ApplicationCryptogram::parse(&data)?;
/// assert_eq!((answer.cid.cryptogram(), answer.atc), (CryptogramType::Arqc, 0x1C));
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Into field 55, whatever the format:
/// ```
/// # use emv_tlv::{Writer, apdu::ApplicationCryptogram, tags};
/// # let data = [0x80, 0x0B, 0x80, 0x00, 0x1C, 1, 2, 3, 4, 5, 6, 7, 8];
/// # let answer = ApplicationCryptogram::parse(&data)?;
/// # let mut buffer = [0; 64];
/// # let mut writer = Writer::new(&mut buffer);
/// writer.primitive(tags::CRYPTOGRAM_INFORMATION_DATA, &[answer.cid.to_byte()])?;
/// writer.primitive(tags::APPLICATION_TRANSACTION_COUNTER, &answer.atc.to_be_bytes())?;
/// if let Some(cryptogram) = answer.cryptogram {
///     writer.primitive(tags::APPLICATION_CRYPTOGRAM, cryptogram)?;
/// }
/// if let Some(data) = answer.issuer_data {
///     writer.primitive(tags::ISSUER_APPLICATION_DATA, data)?;
/// }
/// # assert_eq!(writer.len(), 20);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, 6.5.5.4.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ApplicationCryptogram<'a> {
    /// Cryptogram Information Data, 9F27.
    pub cid: Cid,
    /// Application Transaction Counter, 9F36.
    pub atc: u16,
    /// Application Cryptogram, 9F26; none if it is in the signature.
    pub cryptogram: Option<&'a [u8; 8]>,
    /// Issuer Application Data, 9F10.
    pub issuer_data: Option<&'a [u8]>,
    /// Signed Dynamic Application Data, 9F4B: CDA's or XDA's signature.
    pub signature: Option<&'a [u8]>,
    object: Tlv<'a>,
}

impl<'a> ApplicationCryptogram<'a> {
    /// Reads the data of a response.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] at the template if the counter, the information data, or both cryptogram and signature are missing,
    /// or at byte 0 if there are no data; [`ErrorKind::Duplicate`] at an object that stands there twice;
    /// [`ErrorKind::WrongLength`] at a value that is too short or too long; [`ErrorKind::WrongTag`] at a template that is neither
    /// 80 nor 77; [`ErrorKind::TrailingBytes`] at an object behind it; the kinds of [`Tlvs`](crate::Tlvs).
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let object = answer::only_object(data)?;
        match object.tag() {
            tags::RESPONSE_TEMPLATE_FORMAT_1 => Self::by_position(object),
            tags::RESPONSE_TEMPLATE_FORMAT_2 => Self::by_tag(object),
            _ => Err(Error::new(ErrorKind::WrongTag, object.offset())),
        }
    }

    fn by_position(object: Tlv<'a>) -> Result<Self, Error> {
        let split = object.value().split_first_chunk().and_then(|(&[cid, high, low], rest)| {
            let (cryptogram, issuer_data) = rest.split_first_chunk()?;
            Some((cid, [high, low], cryptogram, issuer_data))
        });
        let Some((cid, atc, cryptogram, issuer_data)) = split else {
            return Err(Error::new(ErrorKind::WrongLength, object.value_offset()));
        };
        if issuer_data.len() > 32 {
            return Err(Error::new(ErrorKind::WrongLength, object.value_offset()));
        }
        Ok(Self {
            cid: Cid::from_byte(cid),
            atc: u16::from_be_bytes(atc),
            cryptogram: Some(cryptogram),
            issuer_data: Some(issuer_data).filter(|data| !data.is_empty()),
            signature: None,
            object,
        })
    }

    fn by_tag(object: Tlv<'a>) -> Result<Self, Error> {
        let [cid, atc, cryptogram, issuer_data, signature] = answer::pick(
            object.children(),
            [
                tags::CRYPTOGRAM_INFORMATION_DATA,
                tags::APPLICATION_TRANSACTION_COUNTER,
                tags::APPLICATION_CRYPTOGRAM,
                tags::ISSUER_APPLICATION_DATA,
                tags::SIGNED_DYNAMIC_APPLICATION_DATA,
            ],
        )?;
        let cid = answer::due(cid, &object)?.read()?;
        let atc = answer::fixed(answer::due(atc, &object)?)?;
        if signature.is_none() {
            answer::due(cryptogram, &object)?;
        }
        Ok(Self {
            cid,
            atc: u16::from_be_bytes(*atc),
            cryptogram: cryptogram.map(answer::fixed).transpose()?,
            issuer_data: issuer_data.map(|data| data.value()),
            signature: signature.map(|data| data.value()),
            object,
        })
    }

    /// The object that the data are: a primitive 80 or a template 77, whose children have everything else in it.
    #[must_use]
    pub const fn object(&self) -> Tlv<'a> {
        self.object
    }

    /// What it holds, each value with its tag, in either format.
    ///
    /// # Security
    /// The values are bare bytes; [`MaskedValue`](crate::MaskedValue) shows what may be shown of them.
    pub fn values(&self) -> impl Iterator<Item = (Tag, &'a [u8])> + use<'a> {
        answer::values(self.object, self.positions())
    }

    /// The values by their tags, if they stand there without: format 1.
    pub(super) fn positions(&self) -> [Option<(Tag, &'a [u8])>; 4] {
        let mut rest = self.object.value();
        let mut next = |tag, count: usize| {
            let (value, after) = rest.split_at_checked(count)?;
            rest = after;
            Some((tag, value))
        };
        [
            next(tags::CRYPTOGRAM_INFORMATION_DATA, 1),
            next(tags::APPLICATION_TRANSACTION_COUNTER, 2),
            next(tags::APPLICATION_CRYPTOGRAM, 8),
            self.issuer_data.map(|data| (tags::ISSUER_APPLICATION_DATA, data)),
        ]
    }
}

impl fmt::Debug for ApplicationCryptogram<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplicationCryptogram")
            .field("cid", &self.cid)
            .field("atc", &self.atc)
            .field("object", &self.object)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;

    fn fault(data: &[u8]) -> (ErrorKind, u32) {
        let error = ApplicationCryptogram::parse(data).unwrap_err();
        (error.kind(), error.offset())
    }

    #[test]
    fn format_1_is_read_by_position() {
        let data = hex!("80 0D 40 001C 0102030405060708 AABB");
        let answer = ApplicationCryptogram::parse(&data).unwrap();
        assert_eq!((answer.cid.cryptogram(), answer.atc), (CryptogramType::Tc, 28));
        assert_eq!(answer.cryptogram, Some(&hex!("0102030405060708")));
        assert_eq!((answer.issuer_data, answer.signature), (Some(&hex!("AABB")[..]), None));
        let tags = answer.positions().map(|position| position.map(|(tag, _)| tag.raw()));
        assert_eq!(tags, [Some(0x9F27), Some(0x9F36), Some(0x9F26), Some(0x9F10)]);
        let data = hex!("80 0B 40 001C 0102030405060708");
        assert_eq!(ApplicationCryptogram::parse(&data).unwrap().issuer_data, None);
    }

    #[test]
    fn format_2_is_read_by_tag_in_any_order() {
        let data = hex!("77 18 9F36020001 DF010100 9F2608 0102030405060708 9F2701C0");
        let answer = ApplicationCryptogram::parse(&data).unwrap();
        assert_eq!(answer.cid.cryptogram(), CryptogramType::Other(3));
        assert_eq!((answer.atc, answer.issuer_data), (1, None));
        let data = hex!("77 0F 9F270180 9F36020001 9F4B03AABBCC");
        let answer = ApplicationCryptogram::parse(&data).unwrap();
        assert_eq!((answer.cryptogram, answer.signature), (None, Some(&hex!("AABBCC")[..])));
    }

    #[test]
    fn what_must_be_there_and_once() {
        use ErrorKind::{
            Duplicate, NotFound, TrailingBytes, TruncatedValue, WrongLength, WrongTag,
        };
        for (data, expect) in [
            (&hex!("")[..], (NotFound, 0)),
            (&hex!("77 09 9F270180 9F36020001"), (NotFound, 0)),
            (&hex!("77 0C 9F270180 9F4B03AABBCC"), (TruncatedValue, 2)),
            (&hex!("77 0A 9F270180 9F4B03AABBCC"), (NotFound, 0)),
            (&hex!("77 0D 9F270180 9F36020001 9F270180"), (Duplicate, 11)),
            (&hex!("77 0C 9F27028000 9F4B03AABBCC 00"), (WrongLength, 5)),
            (&hex!("80 0A 40 001C 01020304050607"), (WrongLength, 2)),
            (&hex!("70 00"), (WrongTag, 0)),
            (&hex!("00 77 00 77 00"), (TrailingBytes, 3)),
        ] {
            assert_eq!(fault(data), expect, "{data:02X?}");
        }
        let long = [&hex!("80 2C")[..], &[0; 44]].concat();
        assert_eq!(fault(&long), (WrongLength, 2));
    }

    #[test]
    fn shows_no_cryptogram() {
        let data = hex!("80 0B 40 001C 0102030405060708");
        let shown = std::format!("{:?}", ApplicationCryptogram::parse(&data).unwrap());
        assert_eq!(
            shown,
            "ApplicationCryptogram { cid: Cid(40), atc: 28, object: Tlv(80 (11 bytes)), .. }"
        );
    }
}
