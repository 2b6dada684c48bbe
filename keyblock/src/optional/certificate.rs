use core::fmt;

use super::{
    Contents, ContentsFault,
    data::{Data, Wrong},
    hex_number,
};

/// A certificate of the public key in base64, as the optional block CT has it.
///
/// `Debug` does not show the certificate: it names people and places.
///
/// Source: ANSI X9.143:2021, 6.3.6.3, tables 10 and 11.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Certificate<'a> {
    /// What kind of certificate it is.
    pub format: CertificateFormat,
    /// The certificate in base64, with its padding, without line breaks.
    pub base64: &'a str,
}

/// A kind of certificate.
///
/// Source: ANSI X9.143:2021, 6.3.6.3, table 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateFormat {
    /// 00: X.509.
    X509,
    /// 01: EMV.
    Emv,
}

impl CertificateFormat {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X509 => "X.509",
            Self::Emv => "EMV",
        }
    }

    const fn code(self) -> [u8; 2] {
        match self {
            Self::X509 => *b"00",
            Self::Emv => *b"01",
        }
    }

    const fn from_code(code: [u8; 2]) -> Option<Self> {
        match &code {
            b"00" => Some(Self::X509),
            b"01" => Some(Self::Emv),
            _ => None,
        }
    }
}

impl<'a> Certificate<'a> {
    /// One that stands at this place of the data.
    fn read(code: [u8; 2], text: &'a [u8], at: usize) -> Result<Self, Wrong> {
        let format = Self::check(code, text, at)?;
        // Base64 is UTF-8.
        Ok(Self { format, base64: core::str::from_utf8(text).unwrap_or_default() })
    }

    /// The format of one that stands at this place of the data and is one.
    fn check(code: [u8; 2], text: &[u8], at: usize) -> Result<CertificateFormat, Wrong> {
        let format = CertificateFormat::from_code(code)
            .ok_or(Wrong::new(ContentsFault::Value, at.saturating_sub(code.len())))?;
        let wrong = |place: usize| Wrong::new(ContentsFault::NotBase64, at.saturating_add(place));
        let digits = match text {
            [digits @ .., b'=', b'='] | [digits @ .., b'='] => digits,
            digits => digits,
        };
        let digit = |c: &u8| matches!(c, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'+' | b'/');
        if let Some(place) = digits.iter().position(|character| !digit(character)) {
            return Err(wrong(place));
        }
        // Base64 comes in groups of four, and a certificate is not empty.
        if digits.is_empty() || text.len() & 3 != 0 {
            return Err(wrong(text.len()));
        }
        Ok(format)
    }

    /// The first one of a chain, and what is behind it.
    fn read_first(chain: &'a [u8]) -> Result<(Self, &'a [u8]), Wrong> {
        let First { code, text, rest } = Self::check_first(chain, 0)?;
        Self::read(code, text, 0).map(|certificate| (certificate, rest))
    }

    /// The first one of a chain at this place of the data, checked.
    fn check_first(chain: &[u8], at: usize) -> Result<First<'_>, Wrong> {
        let length = |place: usize| Wrong::new(ContentsFault::Length, at.saturating_add(place));
        let (&[f0, f1, l0, l1, l2, l3], rest) =
            chain.split_first_chunk().ok_or(length(chain.len()))?;
        let len = hex_number(&[l0, l1, l2, l3])
            .ok_or(Wrong::new(ContentsFault::NotHex, at.saturating_add(2)))?;
        let (text, rest) = rest.split_at_checked(len.into()).ok_or(length(chain.len()))?;
        Self::check([f0, f1], text, at.saturating_add(6)).map_err(|wrong| match wrong.fault {
            // Here the length is between the format and the text.
            ContentsFault::Value => Wrong::new(ContentsFault::Value, at),
            _ => wrong,
        })?;
        Ok(First { code: [f0, f1], text, rest })
    }
}

/// The first certificate of a chain, and what is behind it.
struct First<'a> {
    code: [u8; 2],
    text: &'a [u8],
    rest: &'a [u8],
}

impl fmt::Display for Certificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} characters of base64", self.format.name(), self.base64.len())
    }
}

impl fmt::Debug for Certificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Certificates that lead from one to the other: an optional block CT with 02 in front.
///
/// For each, two digits of format, four hex digits that say how many characters follow, and these.
///
/// Source: ANSI X9.143:2021, 6.3.6.3, table 11.
#[derive(Clone, Copy)]
pub struct CertificateChain<'a> {
    text: &'a [u8],
    list: &'a [Certificate<'a>],
}

impl<'a> CertificateChain<'a> {
    /// These certificates; at least one is needed to write them.
    #[must_use]
    pub const fn new(list: &'a [Certificate<'a>]) -> Self {
        Self { text: &[], list }
    }

    /// The certificates in order.
    pub fn iter(&self) -> impl Iterator<Item = Certificate<'a>> + use<'a> {
        let Self { mut text, list } = *self;
        let read = core::iter::from_fn(move || {
            let (certificate, rest) = Certificate::read_first(text).ok()?;
            text = rest;
            Some(certificate)
        });
        read.chain(list.iter().copied())
    }
}

impl PartialEq for CertificateChain<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for CertificateChain<'_> {}

impl fmt::Debug for CertificateChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A certificate or a chain of them.
pub(super) fn read(data: &[u8]) -> Result<Contents<'_>, Wrong> {
    match data.split_first_chunk() {
        Some((b"02", text)) => {
            check(data).map(|()| Contents::CertificateChain(CertificateChain { text, list: &[] }))
        }
        Some((&code, text)) => Certificate::read(code, text, 2).map(Contents::Certificate),
        None => Err(Wrong::length(data)),
    }
}

/// Whether the data are a certificate or a chain of them.
pub(super) fn check(data: &[u8]) -> Result<(), Wrong> {
    match data.split_first_chunk() {
        Some((b"02", text)) => {
            let (mut rest, mut at) = (text, 2_usize);
            while at == 2 || !rest.is_empty() {
                First { rest, .. } = Certificate::check_first(rest, at)?;
                at = data.len().saturating_sub(rest.len());
            }
            Ok(())
        }
        Some((&code, text)) => Certificate::check(code, text, 2).map(|_| ()),
        None => Err(Wrong::length(data)),
    }
}

impl Certificate<'_> {
    pub(super) fn write(&self, data: &mut Data<'_>) {
        data.text(&self.format.code());
        data.text(self.base64.as_bytes());
    }
}

impl CertificateChain<'_> {
    pub(super) fn write(&self, data: &mut Data<'_>) {
        data.text(b"02");
        for certificate in self.iter() {
            data.text(&certificate.format.code());
            // No block has room for more than 9,999 characters.
            let len = u16::try_from(certificate.base64.len()).unwrap_or(u16::MAX);
            data.hex(&len.to_be_bytes());
            data.text(certificate.base64.as_bytes());
        }
    }
}
