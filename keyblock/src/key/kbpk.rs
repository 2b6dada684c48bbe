use core::fmt;

use zeroize::ZeroizeOnDrop;

use crate::{
    Aes128Kbpk, Aes192Kbpk, Aes256Kbpk, AesKbpk, Algorithm, Error, KeptAesKeys, KeptTdesKeys,
    KeyUsage, KeyVersion, ModeOfUse, ProtectionKey, Tdes2Kbpk, Tdes3Kbpk, TdesKbpk, UnwrappedKey,
    Version,
};

/// A protection key that came in a block itself, held to the versions and the direction that its header allows.
///
/// | usage | algorithm | versions |
/// |---|---|---|
/// | K1 | TDES | A, B, C |
/// | K1 | AES | D |
/// | K4 | AES | E |
///
/// Mode E wraps, mode D unwraps, modes B and N do both. `K` is [`AesKbpk`] or [`TdesKbpk`], one of a single length, or what is kept of one.
///
/// # Examples
/// ```
/// # use getrandom::SysRng;
/// # use rand_core::UnwrapErr;
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::key::HeldKbpk;
/// use keyblock::{
///     AesKbpk, Algorithm, Exportability, Header, KeyBlock, KeyUsage, ModeOfUse, Profile, Version, Wrap,
/// };
///
/// # let mut rng = UnwrapErr(SysRng);
/// let usage = KeyUsage::KeyBlockProtection;
/// let mode = ModeOfUse::DecryptOnly;
/// let header = Header::new(Version::D, usage, Algorithm::Aes, mode, Exportability::NonExportable);
/// let above = AesKbpk::new(&[0x42; 32])?;
/// let mut text = [0; 144];
/// let text = Wrap::new(header, Profile::X9_143).wrap_key(&above, &[7; 32], &mut rng, &mut text)?;
///
/// let mut buffer = [0; 64];
/// let unwrapped = KeyBlock::parse(text, Profile::X9_143)?.unwrap_key(&above, &mut buffer)?;
/// let kbpk: HeldKbpk<AesKbpk> = unwrapped.to_key()?;
///
/// // It unwraps, and does not wrap.
/// let mut text = [0; 144];
/// let wrapped = Wrap::new(header, Profile::X9_143).wrap_key(&kbpk, &[8; 16], &mut rng, &mut text);
/// assert_eq!(wrapped, Err(keyblock::Error::ModeMismatch));
/// # Ok(()) }
/// ```
pub struct HeldKbpk<K> {
    key: K,
    limits: Limits,
}

#[derive(Clone, Copy)]
struct Limits {
    usage: KeyUsage,
    wraps: bool,
    unwraps: bool,
}

impl Limits {
    fn new(
        unwrapped: &UnwrappedKey<'_>,
        usages: &[KeyUsage],
        algorithm: Algorithm,
    ) -> Result<Self, Error> {
        let header = unwrapped.header();
        if matches!(header.key_version, KeyVersion::Component(_)) {
            return Err(Error::KeyComponent);
        }
        if !usages.contains(&header.usage) {
            return Err(Error::UsageMismatch);
        }
        if header.algorithm != algorithm {
            return Err(Error::AlgorithmMismatch);
        }
        let (wraps, unwraps) = match header.mode {
            ModeOfUse::EncryptOnly => (true, false),
            ModeOfUse::DecryptOnly => (false, true),
            ModeOfUse::EncryptAndDecrypt | ModeOfUse::Unrestricted => (true, true),
            _ => return Err(Error::ModeMismatch),
        };
        Ok(Self { usage: header.usage, wraps, unwraps })
    }

    fn allow(self, version: Version) -> Result<(), Error> {
        match (self.usage, version) {
            (KeyUsage::Iso20038Protection, Version::E) => Ok(()),
            (KeyUsage::KeyBlockProtection, Version::A | Version::B | Version::C | Version::D) => {
                Ok(())
            }
            _ => Err(Error::UsageMismatch),
        }
    }
}

macro_rules! held {
    ($($kbpk:ident, $algorithm:ident, [$($usage:ident)+];)+) => {$(
        /// Turns an unwrapped key into a protection key; [`UnwrappedKey::to_key`] says when that fails, and
        /// [`Error::KbpkLength`] is added: the protection key is one of another length.
        impl TryFrom<&UnwrappedKey<'_>> for HeldKbpk<$kbpk> {
            type Error = Error;

            fn try_from(unwrapped: &UnwrappedKey<'_>) -> Result<Self, Error> {
                let limits = Limits::new(unwrapped, &[$(KeyUsage::$usage),+], Algorithm::$algorithm)?;
                Ok(Self { key: $kbpk::new(unwrapped.expose_bytes())?, limits })
            }
        }
    )+};
}

held! {
    AesKbpk, Aes, [KeyBlockProtection Iso20038Protection];
    Aes128Kbpk, Aes, [KeyBlockProtection Iso20038Protection];
    Aes192Kbpk, Aes, [KeyBlockProtection Iso20038Protection];
    Aes256Kbpk, Aes, [KeyBlockProtection Iso20038Protection];
    TdesKbpk, Tdes, [KeyBlockProtection];
    Tdes2Kbpk, Tdes, [KeyBlockProtection];
    Tdes3Kbpk, Tdes, [KeyBlockProtection];
}

macro_rules! kept {
    ($($kbpk:ident: $kept:ident;)+) => {$(
        impl HeldKbpk<$kbpk> {
            /// Works out, once, all that blocks of this version need.
            ///
            /// # Errors
            /// [`Error::KbpkAlgorithm`]: the version wants a key of the other algorithm.
            /// [`Error::UsageMismatch`]: the key's usage is for other versions.
            pub fn keep(&self, version: Version) -> Result<HeldKbpk<$kept>, Error> {
                let key = self.key.keep(version)?;
                self.limits.allow(version)?;
                Ok(HeldKbpk { key, limits: self.limits })
            }
        }
    )+};
}

kept! {
    AesKbpk: KeptAesKeys;
    TdesKbpk: KeptTdesKeys;
}

/// As the key inside; [`Error::UsageMismatch`] for blocks of a version that its usage is not for, [`Error::ModeMismatch`] in a direction
/// that its mode of use does not allow.
impl<K: ProtectionKey> ProtectionKey for HeldKbpk<K> {
    fn is_aes(&self) -> bool {
        self.key.is_aes()
    }

    fn strength(&self) -> u16 {
        self.key.strength()
    }

    fn open(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &[u8],
    ) -> Result<(), Error> {
        self.limits.allow(version)?;
        if !self.limits.unwraps {
            return Err(Error::ModeMismatch);
        }
        self.key.open(version, header, data, mac)
    }

    fn seal(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &mut [u8],
    ) -> Result<(), Error> {
        self.limits.allow(version)?;
        if !self.limits.wraps {
            return Err(Error::ModeMismatch);
        }
        self.key.seal(version, header, data, mac)
    }
}

impl<K> fmt::Debug for HeldKbpk<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeldKbpk")
    }
}

impl<K: ZeroizeOnDrop> ZeroizeOnDrop for HeldKbpk<K> {}
