use core::fmt;

use crate::header::HEADER_LEN;
use crate::layout::{broken_rule, data_len, hides_length, strength, wipe};
use crate::{Error, Header, OptionalBlocks, Profile, ProtectionKey, Rule, UnwrappedKey, hex};

/// The longest MAC in bytes.
const MAX_MAC_LEN: usize = 16;

/// A key block that was looked at, but not opened: header and optional blocks can be read by everybody.
///
/// At most 9,999 printable ASCII characters: the header of 16, optional blocks, the enciphered key in upper-case hex, and the MAC in
/// upper-case hex. Nothing that it says is authentic before [`unwrap_key`](Self::unwrap_key).
///
/// Source: ANSI X9.143:2021, 6.
#[derive(Clone, Copy)]
pub struct KeyBlock<'a> {
    profile: Profile,
    header: Header,
    optional: OptionalBlocks<'a>,
    /// Header and optional blocks as they are authenticated.
    authenticated: &'a [u8],
    enciphered: &'a [u8],
    mac: &'a [u8],
}

impl<'a> KeyBlock<'a> {
    /// Reads a whole block: its lengths, its header, its optional blocks and where its other parts are.
    ///
    /// # Errors
    /// [`Error::TooShort`], [`Error::BlockLength`]: the text is not as long as it says.
    /// [`Error::Header`]: a field of the header has a value that the standard does not have.
    /// [`Error::OptionalBlock`], [`Error::OptionalBlocksLength`]: the optional blocks are not those that the header announces, or do not fill blocks of the cipher.
    /// [`Error::Contents`]: the profile wants an optional block to hold what the standard says, and it does not.
    /// [`Error::EncipheredLength`]: what is left for the key is not of whole blocks.
    /// [`Error::KeyNotHex`], [`Error::MacNotHex`]: there is something else than 0-9 and A-F.
    /// [`Error::Rule`]: the profile refuses the block for what everybody can see.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), keyblock::Error> {
    /// use keyblock::{KeyBlock, KeyUsage, Profile};
    ///
    /// let text = b"D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D2\
    ///     07E2E417C07156A27E8E31DA05F7425509593D03A457DC34";
    /// let block = KeyBlock::parse(text, Profile::TR31_2018)?;
    /// assert_eq!(block.header().usage, KeyUsage::PinEncryption);
    ///
    /// let error = KeyBlock::parse(&text[..96], Profile::TR31_2018).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the length field at offset 1 says 112, the block has 96 characters",
    /// );
    /// # Ok(()) }
    /// ```
    pub fn parse(text: &'a [u8], profile: Profile) -> Result<Self, Error> {
        let (fixed, rest) =
            text.split_first_chunk::<HEADER_LEN>().ok_or(Error::TooShort { needed: 16 })?;
        let (header, stated, count) = Header::read(fixed)?;
        if usize::from(stated) != text.len() {
            let actual = u32::try_from(text.len()).unwrap_or(u32::MAX);
            return Err(Error::BlockLength { stated, actual });
        }
        let version = header.version;
        let (optional, rest) = OptionalBlocks::take(rest, count, header.algorithm, profile)?;
        let (authenticated, _) =
            text.split_at_checked(text.len().saturating_sub(rest.len())).unwrap_or_default();
        let mac_len = version.mac_len().saturating_mul(2);
        let multiple = version.enciphered_multiple().saturating_mul(2);
        let (enciphered, mac) = rest
            .len()
            .checked_sub(mac_len)
            .and_then(|len| rest.split_at_checked(len))
            // A length and a key of one byte at least.
            .filter(|(enciphered, _)| enciphered.len() >= multiple.max(6))
            .ok_or(Error::TooShort {
                needed: characters(
                    authenticated.len().saturating_add(multiple.max(6)).saturating_add(mac_len),
                ),
            })?;
        let optional_len = optional.text().len();
        if !optional_len.is_multiple_of(version.block_len()) {
            return Err(Error::OptionalBlocksLength {
                len: characters(optional_len),
                multiple: narrow(version.block_len()),
            });
        }
        if let Some(index) = hex::first_wrong(rest) {
            let offset = characters(authenticated.len().saturating_add(index));
            let in_key = index < enciphered.len();
            return Err(if in_key {
                Error::KeyNotHex { offset }
            } else {
                Error::MacNotHex { offset }
            });
        }
        if !enciphered.len().is_multiple_of(multiple) {
            return Err(Error::EncipheredLength {
                len: characters(enciphered.len()),
                multiple: narrow(multiple),
            });
        }
        let block = Self { profile, header, optional, authenticated, enciphered, mac };
        if profile.has(Rule::HiddenKeyLength)
            && hides_length(header)
            && block.enciphered_len() < data_len(header, 0, true)
        {
            return Err(block.refused(Rule::HiddenKeyLength));
        }
        Ok(block)
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> Header {
        self.header
    }

    /// The optional blocks, PB included.
    #[must_use]
    pub const fn optional_blocks(&self) -> OptionalBlocks<'a> {
        self.optional
    }

    /// Bytes of the enciphered key with its length and fill: so many the buffer of [`unwrap_key`](Self::unwrap_key) needs.
    #[must_use]
    pub const fn enciphered_len(&self) -> usize {
        self.enciphered.len() >> 1
    }

    /// Verifies the block and deciphers its key into the buffer, which has to hold
    /// [`enciphered_len`](Self::enciphered_len) bytes: 64 do for TDES and AES keys, filled up to the longest of their algorithm or not.
    ///
    /// The key wipes the buffer when it is dropped. Where there is an error, the buffer holds nothing of the key.
    ///
    /// # Errors
    /// [`Error::KbpkAlgorithm`], [`Error::KeptVersion`]: the protection key is not one for this version.
    /// [`Error::BufferTooSmall`]: the buffer is.
    /// [`Error::MacMismatch`]: the block is not authentic under this key.
    /// [`Error::KeyLengthField`], [`Error::KeyLength`]: the key inside has no length that its algorithm and the block have room for.
    /// [`Error::Rule`]: the profile refuses the key.
    ///
    /// # Security
    /// The MAC is compared in constant time and before anything of the plaintext is looked at.
    pub fn unwrap_key<'k>(
        &self,
        kbpk: &(impl ProtectionKey + ?Sized),
        buffer: &'k mut [u8],
    ) -> Result<UnwrappedKey<'k>, Error>
    where
        'a: 'k,
    {
        let version = self.header.version;
        if kbpk.is_aes() != version.is_aes() {
            return Err(Error::KbpkAlgorithm { version });
        }
        let needed = self.enciphered_len();
        let data =
            buffer.get_mut(..needed).ok_or(Error::BufferTooSmall { needed: characters(needed) })?;
        hex::decode(self.enciphered, data);
        let mut mac = [0; MAX_MAC_LEN];
        hex::decode(self.mac, &mut mac);
        let mac = mac.get(..version.mac_len()).unwrap_or_default();
        let opened = kbpk.open(version, self.authenticated, data, mac);
        match opened.and_then(|()| self.key_len(kbpk.strength(), data)) {
            Ok(len) => Ok(UnwrappedKey::new(*self, data, len)),
            Err(error) => {
                wipe(data);
                Err(error)
            }
        }
    }

    /// The length in bytes of the key in authentic data.
    fn key_len(&self, kbpk_strength: u16, data: &[u8]) -> Result<usize, Error> {
        let (length, key) = data.split_first_chunk().ok_or(Error::KeyLengthField)?;
        let bits = u16::from_be_bytes(*length);
        let len = usize::from(bits >> 3);
        if bits & 7 != 0 || len == 0 {
            return Err(Error::KeyLengthField);
        }
        let key = key.get(..len).ok_or(Error::KeyLengthField)?;
        self.header.algorithm.check_len(len)?;
        if self.profile.has(Rule::StrongKbpk)
            && strength(self.header.algorithm, key).is_some_and(|strength| strength > kbpk_strength)
        {
            return Err(self.refused(Rule::StrongKbpk));
        }
        match broken_rule(self.header.algorithm, key, self.profile) {
            Some(rule) => Err(self.refused(rule)),
            None => Ok(len),
        }
    }

    /// A refusal for what is enciphered.
    fn refused(&self, rule: Rule) -> Error {
        Error::Rule { rule, offset: characters(self.authenticated.len()) }
    }
}

/// Shows the header, which everybody may read, and nothing else.
impl fmt::Debug for KeyBlock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyBlock").field("header", &self.header).finish_non_exhaustive()
    }
}

/// A number of characters; a block has at most 9,999.
fn characters(len: usize) -> u16 {
    u16::try_from(len).unwrap_or(u16::MAX)
}

fn narrow(multiple: usize) -> u8 {
    u8::try_from(multiple).unwrap_or(u8::MAX)
}
