use core::{fmt, str::FromStr};

use rand_core::TryCryptoRng;

use crate::{
    ClearBlock, Error, Pan, Pin, fill, iso0, iso1, iso2, iso3,
    legacy::{eci2, eci3, ibm3621, ibm4704epp, oem1, visa2, visa3, visa4},
    pin_field::Candidate,
};

mod keyed;
mod layout;
mod names;

pub use keyed::PinBlockSize;
pub(crate) use layout::Layout;

/// A PIN block format, chosen at run time.
///
/// The functions take what any format may want: a PAN where one is known (most formats do not look at it), a fill where
/// one is given. With the format known beforehand, its module's functions ask for what it needs and no more.
///
/// # Examples
/// ```
/// use pinblock::{Format, Pan, Pin};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// # let mut rng = getrandom::SysRng;
/// let format: Format = "iso3".parse()?;
/// let pan = Pan::from_ascii(b"4111111111111111")?;
/// let block = format.encode(&Pin::from_ascii(b"1234")?, Some(&pan), &mut rng)?;
/// let pin = format.decode(block.expose_bytes(), Some(&pan))?;
/// assert_eq!(pin.expose_digits().as_str(), "1234");
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1; for the legacy formats, the sources that [`legacy`](crate::legacy) names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// ISO 9564-1 format 0.
    Iso0,
    /// ISO 9564-1 format 1.
    Iso1,
    /// ISO 9564-1 format 2.
    Iso2,
    /// ISO 9564-1 format 3.
    Iso3,
    /// ISO 9564-1 format 4: enciphered blocks only.
    Iso4,
    /// ANSI X9.8, the same as format 0.
    Ansi,
    /// Diebold, the same as OEM-1.
    Diebold,
    /// Docutel 2, the same as VISA-2.
    Docutel2,
    /// ECI-1, the same as format 0.
    Eci1,
    /// ECI-2.
    Eci2,
    /// ECI-3.
    Eci3,
    /// ECI-4, the same as format 1.
    Eci4,
    /// IBM 3621 and 5906.
    Ibm3621,
    /// IBM 3624, the same as OEM-1.
    Ibm3624,
    /// IBM 4704 encrypting PIN pad.
    Ibm4704Epp,
    /// OEM-1, also NCR's.
    Oem1,
    /// VISA-1, the same as format 0.
    Visa1,
    /// VISA-2.
    Visa2,
    /// VISA-3.
    Visa3,
    /// VISA-4, also the PLUS network's.
    Visa4,
}

impl Format {
    /// Whether this is none of the formats of ISO 9564-1, or one of them by an older name.
    #[must_use]
    pub const fn is_legacy(self) -> bool {
        !matches!(self, Self::Iso0 | Self::Iso1 | Self::Iso2 | Self::Iso3 | Self::Iso4)
    }

    /// Whether a block is bound to a PAN, so that it is neither made nor read without one.
    ///
    /// # Examples
    /// ```
    /// use pinblock::Format;
    ///
    /// assert!(Format::Iso4.needs_pan() && Format::Visa4.needs_pan());
    /// assert!(!Format::Iso1.needs_pan() && !Format::Visa3.needs_pan());
    /// ```
    #[must_use]
    pub const fn needs_pan(self) -> bool {
        matches!(self.layout(), Layout::Iso0 | Layout::Iso3 | Layout::Iso4 | Layout::Visa4)
    }

    /// How many bytes an enciphered block has, which is also the cipher's block size: 16 for format 4, else 8.
    #[must_use]
    pub const fn block_size(self) -> usize {
        match self {
            Self::Iso4 => 16,
            _ => 8,
        }
    }

    /// How many nibbles a sequence number has: 4 for IBM 3621, 2 for IBM 4704, 0 for formats that have none.
    ///
    /// [`encode_with_fill`](Format::encode_with_fill) wants so many nibbles besides the fill.
    #[must_use]
    pub const fn sequence_nibbles(self) -> usize {
        match self {
            Self::Ibm3621 => 4,
            Self::Ibm4704Epp => 2,
            _ => 0,
        }
    }

    /// Makes a clear block, its fill drawn from `rng` where the format has a random one.
    ///
    /// A sequence number is drawn too. IBM 4704 is filled up with F; where the PIN ends with a run of one nibble (OEM-1, IBM
    /// 3621 and the like), it is A to F.
    ///
    /// # Errors
    /// [`Error::PanMissing`] if the format needs a PAN and there is none; [`Error::PinLength`] if the PIN does not fit (ECI-2
    /// takes 4 digits; ECI-3, VISA-2 and Docutel up to 6; IBM 3621 up to 11); [`Error::Rng`] if the generator fails;
    /// [`Error::UnsupportedFormat`] for format 4, which has no single clear block (its two fields are in
    /// [`iso4`](crate::iso4)).
    ///
    /// Source: as the format's.
    pub fn encode<R>(
        self,
        pin: &Pin,
        pan: Option<&Pan>,
        rng: &mut R,
    ) -> Result<ClearBlock<8>, Error>
    where
        R: TryCryptoRng + ?Sized,
    {
        match self.layout() {
            Layout::Iso1 => iso1::encode(pin, rng),
            Layout::Iso3 => iso3::encode(pin, required(pan)?, rng),
            Layout::Iso0 | Layout::Iso2 | Layout::Iso4 | Layout::Visa4 => {
                self.encode_with_fill(pin, pan, &[])
            }
            Layout::Eci2 => eci2::encode(pin, rng),
            Layout::Eci3 => eci3::encode(pin, rng),
            Layout::Visa2 => visa2::encode(pin, rng),
            Layout::Visa3 => visa3::encode(pin, rng),
            Layout::Oem1 => oem1::encode(pin, rng),
            Layout::Ibm3621 => ibm3621::encode_at_random(pin, rng),
            Layout::Ibm4704Epp => {
                let [.., sequence] = fill::random(rng)?;
                Ok(ibm4704epp::encode(pin, sequence))
            }
        }
    }

    /// Makes a clear block with a given fill: nibbles, one a byte.
    ///
    /// | format | nibbles |
    /// |---|---|
    /// | 0, 2, VISA-4 | none |
    /// | 1 and 3 | 14 less the PIN's length; A to F in format 3 |
    /// | ECI-2 | 12 |
    /// | ECI-3 | 9 |
    /// | VISA-2, Docutel | 9, decimal |
    /// | VISA-3 | 1, which is repeated |
    /// | OEM-1, Diebold, IBM 3624 | 1, which is repeated, and is no digit of the PIN |
    /// | IBM 3621 | as they stand in the block: 4 of the sequence number, then 1 as in OEM-1 |
    /// | IBM 4704 | as they stand in the block: 1, which is repeated, then 2 of the sequence number |
    ///
    /// # Errors
    /// [`Error::PanMissing`] if the format needs a PAN and there is none; [`Error::PinLength`] as with
    /// [`encode`](Format::encode); [`Error::FillLength`] if there are more or fewer nibbles; [`Error::FillValue`] if one is
    /// above F, or none that the format allows; [`Error::UnsupportedFormat`] for format 4.
    ///
    /// # Security
    /// For tests and for talking to hardware that draws the fill: a fill that repeats shows which PINs are the same.
    ///
    /// # Examples
    /// ```
    /// use pinblock::{Format, Pin};
    ///
    /// # fn main() -> Result<(), pinblock::Error> {
    /// let format: Format = "3621".parse()?;
    /// let pin = Pin::from_ascii(b"1234")?;
    /// let block = format.encode_with_fill(&pin, None, &[0, 0xA, 5, 0xF, 0xF])?;
    /// assert_eq!(block.expose_bytes(), &[0x0A, 0x5F, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF]);
    /// # Ok(())
    /// # }
    /// ```
    /// Source: as the format's.
    pub fn encode_with_fill(
        self,
        pin: &Pin,
        pan: Option<&Pan>,
        fill: &[u8],
    ) -> Result<ClearBlock<8>, Error> {
        match self.layout() {
            Layout::Iso0 => {
                let pan = required(pan)?;
                fill::given(fill, 0, 0)?;
                Ok(iso0::encode(pin, pan))
            }
            Layout::Iso1 => iso1::encode_with_fill(pin, fill),
            Layout::Iso2 => {
                fill::given(fill, 0, 0)?;
                Ok(iso2::encode(pin))
            }
            Layout::Iso3 => iso3::encode_with_fill(pin, required(pan)?, fill),
            Layout::Iso4 => Err(Error::UnsupportedFormat),
            Layout::Eci2 => eci2::encode_with_fill(pin, fill),
            Layout::Eci3 => eci3::encode_with_fill(pin, fill),
            Layout::Visa2 => visa2::encode_with_fill(pin, fill),
            Layout::Visa3 => visa3::encode_with_fill(pin, fill::given_one(fill)?),
            Layout::Visa4 => {
                let pan = required(pan)?;
                fill::given(fill, 0, 0)?;
                Ok(visa4::encode(pin, pan))
            }
            Layout::Oem1 => oem1::encode_with_fill(pin, fill::given_one(fill)?),
            Layout::Ibm3621 => {
                let nibbles = fill::given(fill, 5, 0)?;
                let [.., high, low] = (nibbles >> 4).to_be_bytes();
                let [.., fill] = (nibbles & 0x0F).to_be_bytes();
                ibm3621::encode_with_fill(pin, u16::from_be_bytes([high, low]), fill)
            }
            Layout::Ibm4704Epp => {
                let [.., fill, sequence] = fill::given(fill, 3, 0)?.to_be_bytes();
                ibm4704epp::encode_with_fill(pin, sequence, fill)
            }
        }
    }

    /// Reads a clear block of 8 bytes.
    ///
    /// # Errors
    /// [`Error::InvalidBlock`] if the block holds no PIN under this PAN; [`Error::BlockLength`] if it is not of 8 bytes;
    /// [`Error::PanMissing`] if the format needs a PAN and there is none; [`Error::UnsupportedFormat`] for format 4.
    ///
    /// Source: as the format's.
    pub fn decode(self, block: &[u8], pan: Option<&Pan>) -> Result<Pin, Error> {
        let block = block.try_into().map_err(|_| Error::BlockLength)?;
        self.candidate(block, pan)?.into_result()
    }

    pub(crate) fn candidate(self, block: &[u8; 8], pan: Option<&Pan>) -> Result<Candidate, Error> {
        match self.layout() {
            Layout::Iso0 => Ok(iso0::candidate(block, required(pan)?)),
            Layout::Iso1 => Ok(iso1::candidate(block)),
            Layout::Iso2 => Ok(iso2::candidate(block)),
            Layout::Iso3 => Ok(iso3::candidate(block, required(pan)?)),
            Layout::Iso4 => Err(Error::UnsupportedFormat),
            Layout::Eci2 => Ok(eci2::candidate(block)),
            Layout::Eci3 => Ok(eci3::candidate(block)),
            Layout::Visa2 => Ok(visa2::candidate(block)),
            Layout::Visa3 => Ok(visa3::candidate(block)),
            Layout::Visa4 => Ok(visa4::candidate(block, required(pan)?)),
            Layout::Oem1 => Ok(oem1::candidate(block)),
            Layout::Ibm3621 => Ok(ibm3621::candidate(block)),
            Layout::Ibm4704Epp => Ok(ibm4704epp::candidate(block)),
        }
    }
}

fn required(pan: Option<&Pan>) -> Result<&Pan, Error> {
    pan.ok_or(Error::PanMissing)
}

impl FromStr for Format {
    type Err = Error;

    /// Finds a format by its [name](Format::as_str), or by one of its [other names](Format::aliases) in either case.
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|format| {
                let alias = |alias: &&str| alias.eq_ignore_ascii_case(name);
                format.as_str() == name || format.aliases().iter().any(alias)
            })
            .ok_or(Error::UnknownFormat)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
