//! What the standard says that an optional block holds.

use core::fmt;

use super::{
    BaseKeyId, Certificate, CertificateChain, DerivationsAllowed, HeaderCheckValue, HmacHash,
    InitialKsn, KeyLife, OptionalBlock, UtcTime, WrappingPedigree, certificate,
    data::{Data, Wrong, check_hex, hex_array},
};
use crate::{Algorithm, Error, Profile, Rule};

/// What an optional block holds, by its id.
///
/// `Display` says it in words, in one line. `Debug` shows what kind it is, not the data: labels and certificates name people and
/// places.
///
/// # Examples
/// ```
/// use keyblock::{Contents, OptionalBlock};
///
/// let block = OptionalBlock::new(*b"KC", b"0108793E25AB")?;
/// let contents = block.contents()?;
/// assert_eq!(contents.to_string(), "CMAC check value of the key: 08793E25AB");
///
/// let mut data = [0; 12];
/// assert_eq!(contents.encode_into(&mut data)?, block);
/// # Ok::<(), keyblock::Error>(())
/// ```
///
/// Source: ANSI X9.143:2021, 6.3.6, table 7.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contents<'a> {
    /// AL: how long an asymmetric key lives.
    KeyLife(KeyLife),
    /// BI: which base derivation key.
    BaseKeyId(BaseKeyId),
    /// CT with 00 or 01: a certificate of the public key.
    Certificate(Certificate<'a>),
    /// CT with 02: a chain of certificates.
    CertificateChain(CertificateChain<'a>),
    /// DA: which keys may be derived.
    DerivationsAllowed(DerivationsAllowed<'a>),
    /// FL: flags, as text.
    Flags(&'a str),
    /// HM: the hash that an HMAC key works with.
    HmacHash(HmacHash),
    /// IK: the initial key id of an AES DUKPT key.
    InitialKeyId([u8; 8]),
    /// KC: the check value of the key.
    KeyCheckValue(HeaderCheckValue),
    /// KP: the check value of the protection key.
    KbpkCheckValue(HeaderCheckValue),
    /// KS: the initial key serial number of a TDES DUKPT key.
    InitialKsn(InitialKsn),
    /// KV: version of the set of key block values, and two characters for other use. Deprecated.
    KeyBlockValues([u8; 4]),
    /// LB: a label, printable ASCII.
    Label(&'a str),
    /// PB: padding, printable ASCII.
    Padding(&'a str),
    /// PK: the check value of the protection key that the key was exported under.
    ExportKbpkCheckValue(HeaderCheckValue),
    /// TC: when the key was created.
    Created(UtcTime),
    /// TS: when the block was made.
    TimeStamp(UtcTime),
    /// WP: what the key was ever wrapped under.
    WrappingPedigree(WrappingPedigree),
    /// Any other id; numeric ones are proprietary.
    Other(OptionalBlock<'a>),
}

impl<'a> OptionalBlock<'a> {
    /// What it holds, by its id.
    ///
    /// # Errors
    /// [`Error::Contents`]: the data are not what the standard says about the id; the offset counts from the first character of the
    /// data.
    pub fn contents(&self) -> Result<Contents<'a>, Error> {
        Contents::read(*self).map_err(|wrong| self.wrong(wrong, 0))
    }

    /// The error for data that begin at this place.
    fn wrong(&self, wrong: Wrong, data: usize) -> Error {
        let offset = u16::try_from(data.saturating_add(wrong.at)).unwrap_or(u16::MAX);
        Error::Contents { id: self.id, fault: wrong.fault, offset }
    }

    /// Checks what the profile says about the data, which begin at this place of a block with a key of this algorithm.
    pub(super) fn check_contents(
        &self,
        algorithm: Algorithm,
        profile: Profile,
        data: usize,
    ) -> Result<(), Error> {
        let checked = match profile.contents() {
            _ if self.is_key_set() && !profile.has(Rule::HexKeySet) => Ok(()),
            Some(check) => check(self, algorithm),
            None if self.is_key_set() => check_hex(self.data),
            None => Ok(()),
        };
        checked.map_err(|wrong| self.wrong(wrong, data))
    }

    /// Whether some devices put text where the standard has hex digits.
    const fn is_key_set(&self) -> bool {
        matches!(&self.id, b"KS" | b"KP")
    }
}

/// Checks an optional block of a block with a key of this algorithm.
pub(crate) type ContentsCheck = fn(&OptionalBlock<'_>, Algorithm) -> Result<(), Wrong>;

/// Checks what the standard says about the data, and makes nothing of them: firmware links this, and not [`Contents::read`].
pub(crate) fn check_contents(block: &OptionalBlock<'_>, algorithm: Algorithm) -> Result<(), Wrong> {
    let data = block.data;
    let fits = match &block.id {
        b"AL" => KeyLife::read(data).map(|_| true)?,
        b"BI" => match BaseKeyId::read(data)? {
            BaseKeyId::Tdes(_) => is_tdes(algorithm),
            BaseKeyId::Aes(_) => algorithm == Algorithm::Aes,
        },
        b"CT" => certificate::check(data).map(|()| true)?,
        b"DA" => DerivationsAllowed::check(data).map(|()| true)?,
        b"HM" => HmacHash::read(data).map(|_| algorithm == Algorithm::Hmac)?,
        b"IK" => hex_array::<8>(data).map(|_| algorithm == Algorithm::Aes)?,
        b"KC" | b"KP" | b"PK" => HeaderCheckValue::read(data).map(|_| true)?,
        b"KS" => InitialKsn::read(data).map(|_| is_tdes(algorithm))?,
        b"KV" if data.len() != 4 => return Err(Wrong::length(data)),
        b"TC" | b"TS" => UtcTime::read(data).map(|_| true)?,
        b"WP" => WrappingPedigree::read(data).map(|_| true)?,
        _ => true,
    };
    if fits || matches!(algorithm, Algorithm::Proprietary(_)) {
        Ok(())
    } else {
        Err(Wrong::new(ContentsFault::Algorithm, 0))
    }
}

fn is_tdes(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::Tdes | Algorithm::Des)
}

impl<'a> Contents<'a> {
    fn read(block: OptionalBlock<'a>) -> Result<Self, Wrong> {
        let data = block.data;
        Ok(match &block.id {
            b"AL" => Self::KeyLife(KeyLife::read(data)?),
            b"BI" => Self::BaseKeyId(BaseKeyId::read(data)?),
            b"CT" => certificate::read(data)?,
            b"DA" => Self::DerivationsAllowed(DerivationsAllowed::read(data)?),
            b"FL" => Self::Flags(block.as_str()),
            b"HM" => Self::HmacHash(HmacHash::read(data)?),
            b"IK" => Self::InitialKeyId(hex_array(data)?),
            b"KC" => Self::KeyCheckValue(HeaderCheckValue::read(data)?),
            b"KP" => Self::KbpkCheckValue(HeaderCheckValue::read(data)?),
            b"KS" => Self::InitialKsn(InitialKsn::read(data)?),
            b"KV" => Self::KeyBlockValues(data.try_into().map_err(|_| Wrong::length(data))?),
            b"LB" => Self::Label(block.as_str()),
            b"PB" => Self::Padding(block.as_str()),
            b"PK" => Self::ExportKbpkCheckValue(HeaderCheckValue::read(data)?),
            b"TC" => Self::Created(UtcTime::read(data)?),
            b"TS" => Self::TimeStamp(UtcTime::read(data)?),
            b"WP" => Self::WrappingPedigree(WrappingPedigree::read(data)?),
            _ => Self::Other(block),
        })
    }

    /// The id that goes with it.
    #[must_use]
    pub const fn id(&self) -> [u8; 2] {
        match self {
            Self::KeyLife(_) => *b"AL",
            Self::BaseKeyId(_) => *b"BI",
            Self::Certificate(_) | Self::CertificateChain(_) => *b"CT",
            Self::DerivationsAllowed(_) => *b"DA",
            Self::Flags(_) => *b"FL",
            Self::HmacHash(_) => *b"HM",
            Self::InitialKeyId(_) => *b"IK",
            Self::KeyCheckValue(_) => *b"KC",
            Self::KbpkCheckValue(_) => *b"KP",
            Self::InitialKsn(_) => *b"KS",
            Self::KeyBlockValues(_) => *b"KV",
            Self::Label(_) => *b"LB",
            Self::Padding(_) => *b"PB",
            Self::ExportKbpkCheckValue(_) => *b"PK",
            Self::Created(_) => *b"TC",
            Self::TimeStamp(_) => *b"TS",
            Self::WrappingPedigree(_) => *b"WP",
            Self::Other(block) => block.id,
        }
    }

    /// How many characters its data have.
    #[must_use]
    pub fn data_len(&self) -> usize {
        let mut data = Data::new(&mut []);
        self.write(&mut data);
        data.len()
    }

    /// Writes the data to the front of a buffer, which the optional block then borrows.
    ///
    /// # Errors
    /// - [`Error::BufferTooSmall`]: the buffer has fewer than [`data_len`](Self::data_len) bytes; nothing was written.
    /// - [`Error::OptionalBlock`]: a text holds something else than printable ASCII.
    /// - [`Error::Contents`]: it would not read back as it is, such as a chain of no certificate or a 13th month.
    pub fn encode_into<'b>(&self, buffer: &'b mut [u8]) -> Result<OptionalBlock<'b>, Error> {
        let len = self.data_len();
        let needed = u16::try_from(len).map_err(|_| Error::TooLong)?;
        let room = buffer.get_mut(..len).ok_or(Error::BufferTooSmall { needed })?;
        let mut data = Data::new(room);
        self.write(&mut data);
        let data = data.written().ok_or(Error::BufferTooSmall { needed })?;
        let block = OptionalBlock::new(self.id(), data)?;
        if block.contents()? == *self {
            Ok(block)
        } else {
            Err(block.wrong(Wrong::new(ContentsFault::Value, 0), 0))
        }
    }

    fn write(&self, data: &mut Data<'_>) {
        match self {
            Self::KeyLife(life) => life.write(data),
            Self::BaseKeyId(id) => id.write(data),
            Self::Certificate(certificate) => certificate.write(data),
            Self::CertificateChain(chain) => chain.write(data),
            Self::DerivationsAllowed(keys) => keys.write(data),
            Self::Flags(text) | Self::Label(text) | Self::Padding(text) => {
                data.text(text.as_bytes());
            }
            Self::HmacHash(hash) => hash.write(data),
            Self::InitialKeyId(id) => data.hex(id),
            Self::KeyCheckValue(value)
            | Self::KbpkCheckValue(value)
            | Self::ExportKbpkCheckValue(value) => value.write(data),
            Self::InitialKsn(ksn) => ksn.write(data),
            Self::KeyBlockValues(values) => data.text(values),
            Self::Created(time) | Self::TimeStamp(time) => time.write(data),
            Self::WrappingPedigree(pedigree) => pedigree.write(data),
            Self::Other(block) => data.text(block.data),
        }
    }
}

impl fmt::Display for Contents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyLife(life) => write!(f, "life of the asymmetric key: {}", life.name()),
            Self::BaseKeyId(id) => {
                let algorithm = match id {
                    BaseKeyId::Tdes(_) => "TDES",
                    BaseKeyId::Aes(_) => "AES",
                };
                write!(f, "id of the {algorithm} base derivation key: {}", Hex(id.as_bytes()))
            }
            Self::Certificate(certificate) => write!(f, "certificate: {certificate}"),
            Self::CertificateChain(chain) => {
                f.write_str("certificate chain: ")?;
                listed(f, chain.iter())
            }
            Self::DerivationsAllowed(keys) => {
                f.write_str("keys that may be derived: ")?;
                listed(f, keys.iter())
            }
            Self::Flags(text) => write!(f, "flags: {text}"),
            Self::HmacHash(hash) => write!(f, "hash of the HMAC key: {}", hash.name()),
            Self::InitialKeyId(id) => write!(f, "initial key id: {}", Hex(id)),
            Self::KeyCheckValue(value) => check_value(f, value, "key"),
            Self::KbpkCheckValue(value) => check_value(f, value, "KBPK"),
            Self::InitialKsn(ksn) => {
                write!(f, "initial key serial number: {}", Hex(ksn.as_bytes()))
            }
            Self::KeyBlockValues(values) => {
                let values = core::str::from_utf8(values).unwrap_or_default();
                write!(f, "key block values, deprecated: {values}")
            }
            Self::Label(text) => write!(f, "label: {text}"),
            Self::Padding(text) => write!(f, "padding: {} characters", text.len()),
            Self::ExportKbpkCheckValue(value) => {
                check_value(f, value, "KBPK that the key was exported under")
            }
            Self::Created(time) => write!(f, "key created: {time}"),
            Self::TimeStamp(time) => write!(f, "time stamp: {time}"),
            Self::WrappingPedigree(pedigree) => {
                write!(f, "the key was wrapped under {}", pedigree.name())
            }
            Self::Other(block) => {
                let [first, second] = block.id.map(char::from);
                write!(f, "optional block {first}{second}: {}", block.as_str())
            }
        }
    }
}

impl fmt::Debug for Contents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.id().map(char::from);
        write!(f, "{first}{second} ({} characters)", self.data_len())
    }
}

fn check_value(
    f: &mut fmt::Formatter<'_>,
    value: &HeaderCheckValue,
    of: &'static str,
) -> fmt::Result {
    write!(f, "{} check value of the {of}: {}", value.method().name(), Hex(value.as_bytes()))
}

fn listed(
    f: &mut fmt::Formatter<'_>,
    mut items: impl Iterator<Item = impl fmt::Display>,
) -> fmt::Result {
    if let Some(first) = items.next() {
        first.fmt(f)?;
    }
    items.try_for_each(|item| write!(f, "; {item}"))
}

/// Shows bytes as hex digits.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// What can be wrong with the data of an optional block of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentsFault {
    /// There are more or fewer characters than the standard has for the id; the offset is where the data, or one of several
    /// certificates, end.
    Length,
    /// A character is no upper-case hex digit.
    NotHex,
    /// A certificate is not in base64 with its padding.
    NotBase64,
    /// The version of the data is unknown.
    Version,
    /// The standard has no such value.
    Value,
    /// It is no time in UTC, or none that calendar and clock have.
    Time,
    /// It belongs to keys of another algorithm: KS and BI with 00 to TDES, IK and BI with 01 to AES, HM to HMAC.
    Algorithm,
}

impl ContentsFault {
    pub(crate) const fn as_text(self) -> &'static str {
        match self {
            Self::Length => "has the wrong length",
            Self::NotHex => "is not hex in upper case",
            Self::NotBase64 => "is not base64",
            Self::Version => "has an unknown version",
            Self::Value => "has a value that the standard does not have",
            Self::Time => "is no utc time",
            Self::Algorithm => {
                "is of another algorithm than the key: ks and bi 00 are of tdes, ik and bi 01 of aes, hm of hmac"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    #[test]
    fn what_is_checked_is_what_is_read() {
        let samples: &[(&[u8; 2], &str)] = &[
            (b"AL", "0101"),
            (b"BI", "000123456789"),
            (b"BI", "0101234567"),
            (b"CT", "00MIIC"),
            (b"CT", "02000004MIIC010008MIICAA=="),
            (b"DA", "01P0AENP0TEN"),
            (b"FL", "any"),
            (b"HM", "21"),
            (b"IK", "0123456789ABCDEF"),
            (b"KC", "000123AB"),
            (b"KP", "010123456789"),
            (b"KS", "FFFF9876543210E00000"),
            (b"KS", "FFFF9876543210E0"),
            (b"KV", "0100"),
            (b"LB", "label"),
            (b"PB", "0000"),
            (b"PK", "00ABCDEF"),
            (b"TC", "2020-02-29T00:41:00.50Z"),
            (b"TS", "20201231235960Z"),
            (b"WP", "003"),
            (b"10", "any"),
        ];
        let proprietary = Algorithm::Proprietary(b'1');
        let agree = |id: &[u8; 2], data: &[u8]| {
            let block = OptionalBlock::new(*id, data).unwrap();
            let read = Contents::read(block).map(|_| ());
            assert_eq!(check_contents(&block, proprietary), read, "{}", block.as_str());
            read.is_ok()
        };
        for (id, sample) in samples {
            assert!(agree(id, sample.as_bytes()), "{sample}");
            for at in (0..sample.len()).step_by(if cfg!(miri) { 5 } else { 1 }) {
                let mut changed: Vec<u8> = sample.bytes().collect();
                for character in (b' '..=b'~').step_by(if cfg!(miri) { 16 } else { 1 }) {
                    changed[at] = character;
                    agree(id, &changed);
                }
                agree(id, &sample.as_bytes()[..at]);
                agree(id, &[sample.as_bytes(), &changed[..=at]].concat());
            }
        }
    }
}
