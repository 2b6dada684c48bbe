mod carried;

use rand_core::TryCryptoRng;

use crate::header::HEADER_LEN;
use crate::layout::{LENGTH_LEN, broken_rule, data_len, hides_length, strength, wipe};
use crate::{
    Error, ExtendedLengths, Header, OptionalBlock, OptionalBlocks, Profile, ProtectionKey, Rule,
    Version, hex, optional,
};
use carried::Carried;

/// The most characters of a block: its length has four decimal digits.
const MAX_LEN: usize = 9_999;
/// The most optional blocks: their number has two.
const MAX_OPTIONAL_BLOCKS: usize = 99;
/// The longest optional block PB: up to four characters that are needed more, and a block of the cipher.
const MAX_PADDING_LEN: usize = 20;

/// Wraps keys: a header, optional blocks, and how they are written.
///
/// # Examples
/// ```
/// # use rand_core::UnwrapErr;
/// # use getrandom::SysRng;
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::{
///     AesKbpk, Algorithm, Exportability, Header, KeyBlock, KeyUsage, ModeOfUse, Profile, Version, Wrap,
/// };
///
/// # let mut rng = UnwrapErr(SysRng);
/// let header = Header::new(
///     Version::D,
///     KeyUsage::PinEncryption,
///     Algorithm::Aes,
///     ModeOfUse::EncryptOnly,
///     Exportability::Exportable,
/// );
/// let kbpk = AesKbpk::new(&[0x42; 32])?;
/// let mut text = [0; 144];
/// let block = Wrap::new(header, Profile::X9_143).wrap_key(&kbpk, &[0x11; 16], &mut rng, &mut text)?;
/// assert!(block.starts_with(b"D0144P0AE00E0000"));
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.143:2021, 6.
#[derive(Clone, Copy, Debug)]
pub struct Wrap<'a> {
    header: Header,
    profile: Profile,
    optional: Carried<'a>,
    lengths: ExtendedLengths,
    room: usize,
}

/// Where the parts of a block will be.
#[derive(Clone, Copy)]
struct Plan {
    /// Characters of the whole block.
    block_len: u16,
    /// Optional blocks, PB included.
    count: u8,
    /// Characters of PB; 0 if there is none to add.
    padding_len: usize,
    /// Characters of header and optional blocks.
    authenticated_len: usize,
    /// Bytes that are enciphered.
    data_len: usize,
}

impl<'a> Wrap<'a> {
    /// Begins a block with this header and no optional blocks.
    #[must_use]
    pub const fn new(header: Header, profile: Profile) -> Self {
        Self {
            header,
            profile,
            optional: Carried::listed(&[]),
            lengths: ExtendedLengths::InCharacters,
            room: 0,
        }
    }

    /// The optional blocks, in order; PB is added where it is needed and not among them.
    #[must_use]
    pub const fn optional_blocks(self, optional: &'a [OptionalBlock<'a>]) -> Self {
        Self { optional: Carried::listed(optional), ..self }
    }

    /// The optional blocks of another block, but for those that are true of that block only, and behind them some that replace those of
    /// their ids.
    pub(crate) const fn carry(
        self,
        kept: OptionalBlocks<'a>,
        replacing: &'a [OptionalBlock<'a>],
    ) -> Self {
        Self { optional: Carried::kept(kept, replacing), ..self }
    }

    /// The header.
    pub(crate) const fn header(&self) -> Header {
        self.header
    }

    /// The header, to be changed.
    pub(crate) const fn header_mut(&mut self) -> &mut Header {
        &mut self.header
    }

    /// How extended lengths are written, for peers that read none but their own.
    #[must_use]
    pub const fn extended_lengths(self, lengths: ExtendedLengths) -> Self {
        Self { lengths, ..self }
    }

    /// Fills up shorter keys as if they had so many bytes, to hide more than the profile asks for.
    #[must_use]
    pub const fn room_for(self, key_len: usize) -> Self {
        Self { room: key_len, ..self }
    }

    /// Characters of the block of a key of so many bytes.
    ///
    /// # Errors
    /// As [`wrap_key`](Self::wrap_key), as far as lengths are concerned.
    pub fn encoded_len(&self, key_len: usize) -> Result<usize, Error> {
        self.plan(key_len, None).map(|plan| usize::from(plan.block_len))
    }

    /// Bytes of the fill behind a key of so many bytes.
    ///
    /// # Errors
    /// As [`wrap_key`](Self::wrap_key), as far as lengths are concerned.
    pub fn pad_len(&self, key_len: usize) -> Result<usize, Error> {
        let plan = self.plan(key_len, None)?;
        Ok(plan.data_len.saturating_sub(key_len).saturating_sub(LENGTH_LEN))
    }

    /// Wraps a key with random fill, and gives the block at the front of the buffer.
    ///
    /// # Errors
    /// [`Error::Header`]: a proprietary value, or a key version, is of other characters than 0-9 and A-Z, or of those of a standard value.
    /// [`Error::KbpkAlgorithm`], [`Error::KeptVersion`]: the protection key is not one for this version.
    /// [`Error::KeyLength`]: the algorithm has no keys of this length.
    /// [`Error::Rule`]: the profile refuses the version, the key, the protection key or the optional blocks.
    /// [`Error::Contents`]: the profile wants an optional block to hold what the standard says, and it does not.
    /// [`Error::OptionalBlocksLength`]: there is a PB of the caller's that does not fill the cipher's blocks.
    /// [`Error::TooLong`]: the block would have more than 9,999 characters or 99 optional blocks.
    /// [`Error::BufferTooSmall`]: the buffer is.
    /// [`Error::Rng`]: the generator failed.
    ///
    /// # Security
    /// Where there is an error, the buffer holds nothing of the key.
    pub fn wrap_key<'b, R: TryCryptoRng + ?Sized>(
        &self,
        kbpk: &(impl ProtectionKey + ?Sized),
        key: &[u8],
        rng: &mut R,
        out: &'b mut [u8],
    ) -> Result<&'b [u8], Error> {
        self.check(kbpk, key)?;
        let plan = self.plan(key.len(), None)?;
        self.write(plan, kbpk, key, out, &mut Random(rng))
    }

    /// The same with a given fill, for known answers only: as many bytes as [`pad_len`](Self::pad_len), or another number that
    /// fills whole blocks of the cipher. An optional block PB that is added is filled with zeros.
    ///
    /// # Errors
    /// As [`wrap_key`](Self::wrap_key), and [`Error::PadLength`]: length, key and fill are not of whole blocks, or the profile wants the key's length to
    /// be hidden and it is not.
    ///
    /// # Security
    /// A fill that is used twice shows which keys are the same.
    pub fn wrap_key_with_pad<'b>(
        &self,
        kbpk: &(impl ProtectionKey + ?Sized),
        key: &[u8],
        pad: &[u8],
        out: &'b mut [u8],
    ) -> Result<&'b [u8], Error> {
        self.check(kbpk, key)?;
        let plan = self.plan(key.len(), Some(pad.len()))?;
        self.write(plan, kbpk, key, out, &mut Given(pad))
    }

    /// Refuses what the profile does not allow, and keys that are none.
    fn check(&self, kbpk: &(impl ProtectionKey + ?Sized), key: &[u8]) -> Result<(), Error> {
        let Header { version, algorithm, .. } = self.header;
        self.header.check()?;
        if kbpk.is_aes() != version.is_aes() {
            return Err(Error::KbpkAlgorithm { version });
        }
        let refused = |rule| Err(Error::Rule { rule, offset: 0 });
        match version {
            Version::A if self.profile.has(Rule::NoVersionA) => return refused(Rule::NoVersionA),
            Version::C if self.profile.has(Rule::NoVersionC) => return refused(Rule::NoVersionC),
            _ => {}
        }
        algorithm.check_len(key.len())?;
        if self.profile.has(Rule::StrongKbpk)
            && strength(algorithm, key).is_some_and(|strength| strength > kbpk.strength())
        {
            return refused(Rule::StrongKbpk);
        }
        if let Some(rule) = broken_rule(algorithm, key, self.profile) {
            return refused(rule);
        }
        optional::check(self.optional.iter(), self.lengths, algorithm, self.profile)
    }

    /// Works out all lengths; a fill of the caller's decides how much is enciphered.
    fn plan(&self, key_len: usize, pad_len: Option<usize>) -> Result<Plan, Error> {
        let version = self.header.version;
        let mut authenticated_len = HEADER_LEN;
        for block in self.optional.iter() {
            let len = block.encoded_len().ok_or(Error::TooLong)?;
            authenticated_len = authenticated_len.saturating_add(usize::from(len));
        }
        let has_padding = self.optional.iter().any(|block| block.id() == *b"PB");
        let padding_len = padding_len(authenticated_len, version.block_len());
        if has_padding && padding_len != 0 {
            let len = authenticated_len.saturating_sub(HEADER_LEN);
            return Err(Error::OptionalBlocksLength {
                len: u16::try_from(len).unwrap_or(u16::MAX),
                multiple: u8::try_from(version.block_len()).unwrap_or(u8::MAX),
            });
        }
        authenticated_len = authenticated_len.saturating_add(padding_len);
        let count = self.optional.iter().count().saturating_add(usize::from(padding_len != 0));
        if count > MAX_OPTIONAL_BLOCKS {
            return Err(Error::TooLong);
        }
        let hidden = self.profile.has(Rule::HiddenKeyLength) && hides_length(self.header);
        let shortest = data_len(self.header, key_len.max(self.room), hidden);
        let data_len = match pad_len {
            None => shortest,
            Some(pad_len) => {
                let len = key_len.saturating_add(LENGTH_LEN).saturating_add(pad_len);
                if !len.is_multiple_of(version.enciphered_multiple()) || len < shortest {
                    return Err(Error::PadLength);
                }
                len
            }
        };
        let block_len = data_len
            .saturating_add(version.mac_len())
            .saturating_mul(2)
            .saturating_add(authenticated_len);
        if block_len > MAX_LEN {
            return Err(Error::TooLong);
        }
        Ok(Plan {
            block_len: u16::try_from(block_len).map_err(|_| Error::TooLong)?,
            count: u8::try_from(count).map_err(|_| Error::TooLong)?,
            padding_len,
            authenticated_len,
            data_len,
        })
    }

    fn write<'b>(
        &self,
        plan: Plan,
        kbpk: &(impl ProtectionKey + ?Sized),
        key: &[u8],
        out: &'b mut [u8],
        fill: &mut impl Fill,
    ) -> Result<&'b [u8], Error> {
        let needed = plan.block_len;
        let out = out.get_mut(..usize::from(needed)).ok_or(Error::BufferTooSmall { needed })?;
        let written = self.write_authenticated(plan, out, fill).and_then(|()| {
            let (authenticated, rest) =
                out.split_at_mut_checked(plan.authenticated_len).ok_or(Error::TooLong)?;
            self.write_protected(plan, kbpk, key, authenticated, rest, fill)
        });
        match written {
            Ok(()) => Ok(out),
            Err(error) => {
                wipe(out);
                Err(error)
            }
        }
    }

    /// Writes the header, the optional blocks, and PB if there is one to add.
    fn write_authenticated(
        &self,
        plan: Plan,
        out: &mut [u8],
        fill: &mut impl Fill,
    ) -> Result<(), Error> {
        let (header, mut rest) = out.split_first_chunk_mut::<HEADER_LEN>().ok_or(Error::TooLong)?;
        *header = self.header.write(plan.block_len, plan.count);
        for block in self.optional.iter() {
            rest = block.write(self.lengths, rest).ok_or(Error::TooLong)?;
        }
        if plan.padding_len != 0 {
            let mut random = [0; MAX_PADDING_LEN];
            let text =
                random.get_mut(..plan.padding_len.saturating_sub(4)).ok_or(Error::TooLong)?;
            fill.padding_block(text)?;
            text.iter_mut().for_each(|byte| {
                let [_, digit] = hex::digits(*byte);
                *byte = digit;
            });
            let block = OptionalBlock::new(*b"PB", text)?;
            block.write(self.lengths, rest).ok_or(Error::TooLong)?;
        }
        Ok(())
    }

    /// Writes the enciphered key and the MAC behind what is authenticated.
    fn write_protected(
        &self,
        plan: Plan,
        kbpk: &(impl ProtectionKey + ?Sized),
        key: &[u8],
        authenticated: &[u8],
        rest: &mut [u8],
        fill: &mut impl Fill,
    ) -> Result<(), Error> {
        let version = self.header.version;
        let bits = u16::try_from(key.len().saturating_mul(8)).map_err(|_| Error::TooLong)?;
        // The clear data stands where its digits will.
        let data = rest.get_mut(..plan.data_len).ok_or(Error::TooLong)?;
        let (length, keyed) = data.split_first_chunk_mut().ok_or(Error::TooLong)?;
        *length = bits.to_be_bytes();
        let (place, pad) = keyed.split_at_mut_checked(key.len()).ok_or(Error::TooLong)?;
        place.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        fill.pad(pad)?;
        let mut mac = [0; 16];
        let mac = mac.get_mut(..version.mac_len()).ok_or(Error::TooLong)?;
        kbpk.seal(version, authenticated, data, mac)?;
        let (digits, end) =
            rest.split_at_mut_checked(plan.data_len.saturating_mul(2)).ok_or(Error::TooLong)?;
        hex::spread(digits);
        end.as_chunks_mut::<2>()
            .0
            .iter_mut()
            .zip(mac)
            .for_each(|(to, byte)| *to = hex::digits(*byte));
        Ok(())
    }
}

/// Where the bytes come from that carry nothing.
trait Fill {
    /// For the optional block PB: each byte becomes a hex digit.
    fn padding_block(&mut self, bytes: &mut [u8]) -> Result<(), Error>;
    /// For what stands behind the key.
    fn pad(&mut self, bytes: &mut [u8]) -> Result<(), Error>;
}

struct Random<'r, R: ?Sized>(&'r mut R);

impl<R: TryCryptoRng + ?Sized> Fill for Random<'_, R> {
    fn padding_block(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.0.try_fill_bytes(bytes).map_err(|_| Error::Rng)
    }

    fn pad(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.0.try_fill_bytes(bytes).map_err(|_| Error::Rng)
    }
}

struct Given<'p>(&'p [u8]);

impl Fill for Given<'_> {
    fn padding_block(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        bytes.fill(0);
        Ok(())
    }

    fn pad(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        if bytes.len() != self.0.len() {
            return Err(Error::PadLength);
        }
        bytes.iter_mut().zip(self.0).for_each(|(to, from)| *to = *from);
        Ok(())
    }
}

/// Characters of the optional block PB behind so many characters: none, or at least the four of its id and length.
fn padding_len(authenticated_len: usize, block_len: usize) -> usize {
    let missing = match authenticated_len.checked_next_multiple_of(block_len) {
        Some(whole) => whole.saturating_sub(authenticated_len),
        None => 0,
    };
    if matches!(missing, 1..4) { missing.saturating_add(block_len) } else { missing }
}
