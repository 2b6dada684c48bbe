use super::{Part, SharedInfo};
use crate::Error;

/// `ECC-CMS-SharedInfo`: the algorithm of the key that is derived, what the sender added, and the key's length, in DER.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::ecdh::shared_info::EccCmsSharedInfo;
///
/// // id-aes256-wrap, without parameters.
/// let aes256_wrap = b"\x30\x0B\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2D";
/// let info = EccCmsSharedInfo { key_info: aes256_wrap, entity_u_info: None, key_bits: 256 };
/// assert_eq!(info.shared_info()?.encoded_len(), 23);
/// # Ok(()) }
/// ```
///
/// Source: RFC 5753, 7.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EccCmsSharedInfo<'a> {
    /// The AlgorithmIdentifier of the key that is derived, in DER.
    pub key_info: &'a [u8],
    /// The sender's user keying material, if there is any.
    pub entity_u_info: Option<&'a [u8]>,
    /// Bits of the key that is derived.
    pub key_bits: u32,
}

impl<'a> EccCmsSharedInfo<'a> {
    /// Puts it together.
    ///
    /// # Errors
    /// [`Error::SharedInfo`]: the algorithm is no DER sequence from its first to its last byte, or the whole has more than 65,535 bytes.
    pub fn shared_info(&self) -> Result<SharedInfo<'a>, Error> {
        let (_, key_info_head) = head(SEQUENCE, sequence_content(self.key_info)?.len())?;
        if !self.key_info.starts_with(key_info_head.bytes()) {
            return Err(Error::SharedInfo);
        }
        let (octets_len, octets, entity_u) = match self.entity_u_info {
            Some(info) => {
                let (len, octets) = head(OCTET_STRING, info.len())?;
                let (len, entity_u) = head(ENTITY_U_INFO, len)?;
                (len, octets, entity_u)
            }
            None => (0, Der::EMPTY, Der::EMPTY),
        };
        let supp_pub = Part::made([SUPP_PUB_INFO, 6, OCTET_STRING, 4]);
        let content = self.key_info.len().saturating_add(octets_len).saturating_add(8);
        let (_, sequence) = head(SEQUENCE, content)?;
        Ok(SharedInfo {
            parts: [
                sequence.part(),
                Part::Given(self.key_info),
                entity_u.part(),
                octets.part(),
                Part::Given(self.entity_u_info.unwrap_or_default()),
                supp_pub,
                Part::made(self.key_bits.to_be_bytes()),
            ],
        })
    }
}

const SEQUENCE: u8 = 0x30;
const OCTET_STRING: u8 = 0x04;
const ENTITY_U_INFO: u8 = 0xA0;
const SUPP_PUB_INFO: u8 = 0xA2;

/// A tag and a length: 2 to 4 bytes.
#[derive(Clone, Copy)]
struct Der {
    bytes: [u8; 4],
    len: usize,
}

impl Der {
    const EMPTY: Self = Self { bytes: [0; 4], len: 0 };

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn part<'a>(self) -> Part<'a> {
        match (Part::made(self.bytes), self.len) {
            (Part::Made(bytes, _), len) => Part::Made(bytes, len),
            (part @ Part::Given(_), _) => part,
        }
    }
}

/// The tag and the length of a content, and how long they are with it.
fn head(tag: u8, len: usize) -> Result<(usize, Der), Error> {
    let content = u16::try_from(len).map_err(|_| Error::SharedInfo)?;
    let [high, low] = content.to_be_bytes();
    let der = match content {
        0..0x80 => Der { bytes: [tag, low, 0, 0], len: 2 },
        0x80..0x100 => Der { bytes: [tag, 0x81, low, 0], len: 3 },
        _ => Der { bytes: [tag, 0x82, high, low], len: 4 },
    };
    Ok((len.saturating_add(der.len), der))
}

/// What follows a sequence's tag and length, whatever these say.
fn sequence_content(der: &[u8]) -> Result<&[u8], Error> {
    let head = match der {
        [SEQUENCE, 0x82, ..] => 4,
        [SEQUENCE, 0x81, ..] => 3,
        [SEQUENCE, ..] => 2,
        _ => return Err(Error::SharedInfo),
    };
    der.get(head..).ok_or(Error::SharedInfo)
}
