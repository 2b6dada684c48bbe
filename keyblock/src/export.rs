use rand_core::TryCryptoRng;

use crate::{
    Error, Exportability, ExtendedLengths, Header, KeyContext, ModeOfUse, OptionalBlock, Profile,
    ProtectionKey, UnwrappedKey, Version, Wrap,
};

/// Wraps an unwrapped key again, under another protection key, with the header and the optional blocks that it came with.
///
/// Begun by [`UnwrappedKey::export`]. What the new block says of the key is what the old one said, or less by name. The optional
/// blocks PB, TS, KP and PK are true of the old block only and are left out, in their place a PB that the new one needs.
///
/// # Examples
/// ```
/// # use getrandom::SysRng;
/// # use rand_core::UnwrapErr;
/// # fn main() -> Result<(), keyblock::Error> {
/// use hex_literal::hex;
/// use keyblock::{AesKbpk, Exportability, KeyBlock, OptionalBlock, Profile, TdesKbpk, Version};
///
/// # let mut rng = UnwrapErr(SysRng);
/// let kbpk = TdesKbpk::new(&hex!("0123456789ABCDEFFEDCBA9876543210"))?;
/// let text = b"C0088C0TG00S0000DA1EB6A893360DBE56A6505E98171EAF\
///     73DB96BEEBED2A4CBFE6F32AEF53F8D6AF0F1DB8";
/// let mut buffer = [0; 64];
/// let unwrapped = KeyBlock::parse(text, Profile::TR31_2018)?.unwrap_key(&kbpk, &mut buffer)?;
///
/// let labels = [OptionalBlock::new(*b"LB", b"to the host")?];
/// let mut text = [0; 256];
/// let block = unwrapped
///     .export(Version::D, Profile::X9_143)?
///     .narrow_exportability(Exportability::NonExportable)?
///     .optional_blocks(&labels)?
///     .wrap_key(&AesKbpk::new(&[0x42; 16])?, &mut rng, &mut text)?;
/// assert!(block.starts_with(b"D0144C0TG00N0200LB0Fto the hostPB"));
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.143:2021, 6.3.5, table 6.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    wrap: Wrap<'a>,
    key: &'a UnwrappedKey<'a>,
}

impl<'k> UnwrappedKey<'k> {
    /// Begins to wrap the key again, under another protection key of this version, with header and optional blocks as they are.
    ///
    /// # Errors
    /// [`Error::NotExportable`]: the key's exportability is neither E nor S.
    pub fn export(&self, version: Version, profile: Profile) -> Result<Export<'_>, Error> {
        match self.header().exportability {
            Exportability::Exportable | Exportability::Sensitive => {
                Ok(Export::new(self, version, profile))
            }
            _ => Err(Error::NotExportable),
        }
    }

    /// The same for a key with this proprietary exportability, of which the caller knows that it allows it.
    ///
    /// # Errors
    /// [`Error::NotExportable`]: the key has another exportability than this, or this is one of the standard's.
    pub fn export_proprietary(
        &self,
        code: u8,
        version: Version,
        profile: Profile,
    ) -> Result<Export<'_>, Error> {
        match self.header().exportability {
            Exportability::Proprietary(own) if own == code => {
                Ok(Export::new(self, version, profile))
            }
            _ => Err(Error::NotExportable),
        }
    }
}

impl<'a> Export<'a> {
    fn new(key: &'a UnwrappedKey<'_>, version: Version, profile: Profile) -> Self {
        let header = Header { version, ..key.header() };
        let wrap = Wrap::new(header, profile).carry(key.optional_blocks(), &[]);
        Self { wrap, key }
    }

    /// Lets the key do less: E or D of B, G or V of C, and of N what [goes with its usage](crate::KeyUsage::modes).
    ///
    /// # Errors
    /// [`Error::ExportWidens`]: the key's mode of use does not [cover](ModeOfUse::covers) this one.
    pub fn narrow_mode(mut self, mode: ModeOfUse) -> Result<Self, Error> {
        let header = self.wrap.header_mut();
        if !header.mode.covers(mode, header.usage) {
            return Err(Error::ExportWidens);
        }
        header.mode = mode;
        Ok(self)
    }

    /// Lets the key go less far: E of S, and N of any.
    ///
    /// # Errors
    /// [`Error::ExportWidens`]: the key's exportability does not [cover](Exportability::covers) this one.
    pub fn narrow_exportability(mut self, exportability: Exportability) -> Result<Self, Error> {
        let header = self.wrap.header_mut();
        if !header.exportability.covers(exportability) {
            return Err(Error::ExportWidens);
        }
        header.exportability = exportability;
        Ok(self)
    }

    /// In which context the new block may be used: it is another block than the old one.
    #[must_use]
    pub const fn context(mut self, context: KeyContext) -> Self {
        self.wrap.header_mut().context = context;
        self
    }

    /// Optional blocks that stand behind those that are kept, in place of ones with the same ids: LB, and what is said of the new block
    /// and its protection keys: KC, KP, PK, TS, WP. Proprietary ones, whose ids begin with a digit, may be new, but not replace any.
    ///
    /// # Errors
    /// [`Error::ExportWidens`]: an optional block has another id, or replaces a proprietary one.
    pub fn optional_blocks(mut self, blocks: &'a [OptionalBlock<'a>]) -> Result<Self, Error> {
        let kept = self.key.optional_blocks();
        let allowed = |block: &OptionalBlock<'_>| match &block.id() {
            b"KC" | b"KP" | b"LB" | b"PK" | b"TS" | b"WP" => true,
            [b'0'..=b'9', _] => kept.find(block.id()).is_none(),
            _ => false,
        };
        if !blocks.iter().all(allowed) {
            return Err(Error::ExportWidens);
        }
        self.wrap = self.wrap.carry(kept, blocks);
        Ok(self)
    }

    /// How extended lengths are written, for peers that read none but their own.
    #[must_use]
    pub const fn extended_lengths(mut self, lengths: ExtendedLengths) -> Self {
        self.wrap = self.wrap.extended_lengths(lengths);
        self
    }

    /// The header that the new block will have.
    #[must_use]
    pub const fn header(&self) -> Header {
        self.wrap.header()
    }

    /// Characters of the new block.
    ///
    /// # Errors
    /// As [`wrap_key`](Self::wrap_key), as far as lengths are concerned.
    pub fn encoded_len(&self) -> Result<usize, Error> {
        self.wrap.encoded_len(self.key.expose_bytes().len())
    }

    /// Wraps the key with random fill, and gives the block at the front of the buffer.
    ///
    /// # Errors
    /// As [`Wrap::wrap_key`].
    pub fn wrap_key<'b, R: TryCryptoRng + ?Sized>(
        &self,
        kbpk: &(impl ProtectionKey + ?Sized),
        rng: &mut R,
        out: &'b mut [u8],
    ) -> Result<&'b [u8], Error> {
        self.wrap.wrap_key(kbpk, self.key.expose_bytes(), rng, out)
    }
}
