//! What DUKPT keys are known by.

use super::sealed::Context;
use super::{AesBdk, AesInitialKey, TdesBdk, TdesInitialKey};
use crate::optional::{BaseKeyId, InitialKsn, hex_array};
use crate::{Algorithm, Error, UnwrappedKey};

/// The two bytes that are left out of key serial numbers of 8 bytes.
const FRONT: [u8; 2] = [0xFF; 2];
/// The last 21 bits of a key serial number of 10 bytes: the transaction counter.
const COUNTER: [u8; 3] = [0x1F, 0xFF, 0xFF];

/// The id of an initial key: 8 bytes, as DUKPT's key serial numbers begin.
///
/// A TDES key has it from the optional block KS, its initial key serial number: the first 59 bits, then 5 zero bits. KS has 10 bytes,
/// or 8 without the FFFF in front, which is put back. Its 21 counter bits have to be zero: the initial key is that of no transaction.
///
/// An AES key has it from the optional block IK.
///
/// Source: ANSI X9.143:2021, 6.3.6.6 and 6.3.6.8; KS of 8 bytes as other implementations read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InitialKeyId([u8; 8]);

impl InitialKeyId {
    /// The 8 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// Takes an initial key serial number apart; none if its counter is not zero.
    const fn from_ksn(ksn: InitialKsn) -> Option<Self> {
        let ksn = match ksn {
            InitialKsn::Full(ksn) => ksn,
            InitialKsn::Short([a, b, c, d, e, f, g, h]) => {
                let [first, second] = FRONT;
                [first, second, a, b, c, d, e, f, g, h]
            }
        };
        let [a, b, c, d, e, f, g, h, i, j] = ksn;
        let [high, middle, low] = COUNTER;
        if h & high | i & middle | j & low != 0 {
            return None;
        }
        Some(Self([a, b, c, d, e, f, g, h]))
    }
}

impl Context for InitialKeyId {
    fn read(key: &UnwrappedKey<'_>) -> Result<Self, Error> {
        let tdes = key.header().algorithm == Algorithm::Tdes;
        let (own, other) = if tdes { (*b"KS", *b"IK") } else { (*b"IK", *b"KS") };
        if key.optional_blocks().find(other).is_some() {
            return Err(Error::InitialKeyIdMismatch);
        }
        let text = only(key, own)?.ok_or(Error::InitialKeyIdMissing)?;
        let id = if tdes {
            InitialKsn::read(text).ok().and_then(Self::from_ksn)
        } else {
            hex_array(text).ok().map(Self)
        };
        let id = id.ok_or(Error::InitialKeyIdMismatch)?;
        // Its id begins with that of the key that it comes from.
        match Option::<BaseKeyId>::read(key)? {
            Some(base) if !id.0.starts_with(base.as_bytes()) => Err(Error::InitialKeyIdMismatch),
            _ => Ok(id),
        }
    }
}

/// The optional block BI, if there is one.
impl Context for Option<BaseKeyId> {
    fn read(key: &UnwrappedKey<'_>) -> Result<Self, Error> {
        let Some(text) = only(key, *b"BI")? else { return Ok(None) };
        let id = BaseKeyId::read(text).ok().filter(|id| {
            let of = key.header().algorithm;
            matches!(
                (of, id),
                (Algorithm::Tdes, BaseKeyId::Tdes(_)) | (Algorithm::Aes, BaseKeyId::Aes(_))
            )
        });
        id.map(Some).ok_or(Error::InitialKeyIdMismatch)
    }
}

impl TdesInitialKey {
    /// The id that names this key.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), keyblock::Error> {
    /// use hex_literal::hex;
    /// use keyblock::key::TdesInitialKey;
    /// use keyblock::{KeyBlock, Profile, TdesKbpk};
    ///
    /// let kbpk = TdesKbpk::new(&hex!("0123456789ABCDEFFEDCBA9876543210"))?;
    /// let text = b"B0120B1TX00N0100KS18FFFF9876543210E000008B13E888C41902A1F975CF41\
    ///     4070B8A945383E020F7104CC3F539865D934BE7D6542EB89CF837DC7";
    /// let mut buffer = [0; 64];
    /// let unwrapped = KeyBlock::parse(text, Profile::X9_143)?.unwrap_key(&kbpk, &mut buffer)?;
    ///
    /// let key: TdesInitialKey = unwrapped.to_key()?;
    /// assert_eq!(key.id().to_bytes(), hex!("FFFF9876543210E0"));
    /// let bytes: &[u8; 16] = key.expose_array().unwrap();
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn id(&self) -> InitialKeyId {
        self.context
    }
}

impl AesInitialKey {
    /// The id that names this key.
    #[must_use]
    pub const fn id(&self) -> InitialKeyId {
        self.context
    }
}

impl TdesBdk {
    /// Which base derivation key it is, if the block said so.
    #[must_use]
    pub const fn id(&self) -> Option<BaseKeyId> {
        self.context
    }
}

impl AesBdk {
    /// Which base derivation key it is, if the block said so.
    #[must_use]
    pub const fn id(&self) -> Option<BaseKeyId> {
        self.context
    }
}

/// The data of the one optional block with this id.
fn only<'k>(key: &UnwrappedKey<'k>, id: [u8; 2]) -> Result<Option<&'k [u8]>, Error> {
    let mut blocks = key.optional_blocks().into_iter().filter(|block| block.id() == id);
    let first = blocks.next();
    if blocks.next().is_some() {
        return Err(Error::InitialKeyIdMismatch);
    }
    Ok(first.map(|block| block.data()))
}
