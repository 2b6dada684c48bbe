use super::{Part, SharedInfo};
use crate::Error;

/// What NIST SP 800-56A puts together for a one-step derivation: the algorithm, who the parties are, and what else is public, each of
/// the first three after its length in 4 bytes.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::ecdh::shared_info::OtherInfo;
///
/// let info = OtherInfo {
///     algorithm_id: b"A128GCM",
///     party_u_info: b"Alice",
///     party_v_info: b"Bob",
///     supp_pub_info: &128_u32.to_be_bytes(),
/// };
/// let mut out = [0; 32];
/// let bytes = info.shared_info()?.encode_into(&mut out)?;
/// assert_eq!(bytes, b"\0\0\0\x07A128GCM\0\0\0\x05Alice\0\0\0\x03Bob\0\0\0\x80");
/// # Ok(()) }
/// ```
///
/// Source: NIST SP 800-56A rev. 3, 5.8.2.1.1; RFC 7518, 4.6.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OtherInfo<'a> {
    /// What the key is for, as the parties agreed.
    pub algorithm_id: &'a [u8],
    /// Of the party that began: who it is, and its nonce or public key.
    pub party_u_info: &'a [u8],
    /// Of the other party.
    pub party_v_info: &'a [u8],
    /// What else is public, as it is: RFC 7518 has the key's length in bits here, in 4 bytes. It may be empty.
    pub supp_pub_info: &'a [u8],
}

impl<'a> OtherInfo<'a> {
    /// Puts it together.
    ///
    /// # Errors
    /// [`Error::SharedInfo`]: a part is longer than 4 bytes can say.
    pub fn shared_info(&self) -> Result<SharedInfo<'a>, Error> {
        let len = |part: &[u8]| {
            let len = u32::try_from(part.len()).map_err(|_| Error::SharedInfo)?;
            Ok(Part::made(len.to_be_bytes()))
        };
        Ok(SharedInfo {
            parts: [
                len(self.algorithm_id)?,
                Part::Given(self.algorithm_id),
                len(self.party_u_info)?,
                Part::Given(self.party_u_info),
                len(self.party_v_info)?,
                Part::Given(self.party_v_info),
                Part::Given(self.supp_pub_info),
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_part_still_has_a_length() {
        let mut out = [0xEE; 12];
        let info = OtherInfo::default().shared_info().unwrap();
        assert_eq!(info.encode_into(&mut out), Ok(&[0; 12][..]));
    }
}
