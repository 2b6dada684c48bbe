use core::{fmt, str::FromStr};

use rand_core::TryCryptoRng;

use crate::{ClearBlock, Error, Pan, Pin, fill, iso0, iso1, iso2, iso3, pin_field::Candidate};

mod keyed;

pub use keyed::PinBlockSize;

/// A PIN block format, chosen at run time.
///
/// The functions take what any format may want: a PAN where one is known (formats 1 and 2 do not look at it), a fill where
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
/// Source: ISO 9564-1.
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
}

impl Format {
    /// The format's name: `iso0` to `iso4`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iso0 => "iso0",
            Self::Iso1 => "iso1",
            Self::Iso2 => "iso2",
            Self::Iso3 => "iso3",
            Self::Iso4 => "iso4",
        }
    }

    /// How many bytes an enciphered block has, which is also the cipher's block size: 16 for format 4, else 8.
    #[must_use]
    pub const fn block_size(self) -> usize {
        match self {
            Self::Iso0 | Self::Iso1 | Self::Iso2 | Self::Iso3 => 8,
            Self::Iso4 => 16,
        }
    }

    /// Makes a clear block, its fill drawn from `rng` where the format has a random one.
    ///
    /// # Errors
    /// [`Error::PanMissing`] if the format needs a PAN and there is none; [`Error::Rng`] if the generator fails;
    /// [`Error::UnsupportedFormat`] for format 4, which has no single clear block (its two fields are in
    /// [`iso4`](crate::iso4)).
    ///
    /// Source: ISO 9564-1.
    pub fn encode<R>(
        self,
        pin: &Pin,
        pan: Option<&Pan>,
        rng: &mut R,
    ) -> Result<ClearBlock<8>, Error>
    where
        R: TryCryptoRng + ?Sized,
    {
        match self {
            Self::Iso1 => iso1::encode(pin, rng),
            Self::Iso3 => iso3::encode(pin, required(pan)?, rng),
            Self::Iso0 | Self::Iso2 | Self::Iso4 => self.encode_with_fill(pin, pan, &[]),
        }
    }

    /// Makes a clear block with a given fill: nibbles, one a byte.
    ///
    /// Formats 0 and 2 take none, formats 1 and 3 as many as 14 less the PIN's length.
    ///
    /// # Errors
    /// [`Error::PanMissing`] if the format needs a PAN and there is none; [`Error::FillLength`] if there are more or fewer
    /// nibbles; [`Error::FillValue`] if one is above F, or in format 3 below A; [`Error::UnsupportedFormat`] for format 4.
    ///
    /// # Security
    /// For tests and for talking to hardware that draws the fill: a fill that repeats shows which PINs are the same.
    ///
    /// Source: ISO 9564-1.
    pub fn encode_with_fill(
        self,
        pin: &Pin,
        pan: Option<&Pan>,
        fill: &[u8],
    ) -> Result<ClearBlock<8>, Error> {
        match self {
            Self::Iso0 => {
                let pan = required(pan)?;
                fill::given(fill, 0, 0)?;
                Ok(iso0::encode(pin, pan))
            }
            Self::Iso1 => iso1::encode_with_fill(pin, fill),
            Self::Iso2 => {
                fill::given(fill, 0, 0)?;
                Ok(iso2::encode(pin))
            }
            Self::Iso3 => iso3::encode_with_fill(pin, required(pan)?, fill),
            Self::Iso4 => Err(Error::UnsupportedFormat),
        }
    }

    /// Reads a clear block of 8 bytes.
    ///
    /// # Errors
    /// [`Error::InvalidBlock`] if the block holds no PIN under this PAN; [`Error::BlockLength`] if it is not of 8 bytes;
    /// [`Error::PanMissing`] if the format needs a PAN and there is none; [`Error::UnsupportedFormat`] for format 4.
    ///
    /// Source: ISO 9564-1.
    pub fn decode(self, block: &[u8], pan: Option<&Pan>) -> Result<Pin, Error> {
        let block = block.try_into().map_err(|_| Error::BlockLength)?;
        self.candidate(block, pan)?.into_result()
    }

    pub(crate) fn candidate(self, block: &[u8; 8], pan: Option<&Pan>) -> Result<Candidate, Error> {
        match self {
            Self::Iso0 => Ok(iso0::candidate(block, required(pan)?)),
            Self::Iso1 => Ok(iso1::candidate(block)),
            Self::Iso2 => Ok(iso2::candidate(block)),
            Self::Iso3 => Ok(iso3::candidate(block, required(pan)?)),
            Self::Iso4 => Err(Error::UnsupportedFormat),
        }
    }
}

fn required(pan: Option<&Pan>) -> Result<&Pan, Error> {
    pan.ok_or(Error::PanMissing)
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        [Self::Iso0, Self::Iso1, Self::Iso2, Self::Iso3, Self::Iso4]
            .into_iter()
            .find(|format| format.as_str() == name)
            .ok_or(Error::UnknownFormat)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
