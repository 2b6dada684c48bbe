use core::fmt;

/// What can go wrong.
///
/// # Security
/// An error never holds input. [`InvalidBlock`](Error::InvalidBlock) and
/// [`VerificationFailed`](Error::VerificationFailed) are opaque on purpose: what was wrong would help whoever guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// A PIN is not of 4 to 12 digits, or has more than fit into the format.
    PinLength,
    /// A PIN holds something other than decimal digits.
    PinNotDecimal,
    /// The PIN is one that the policy excludes.
    PinWeak,
    /// No PIN was drawn that the policy allows: it excludes nearly all, or the generator is not random.
    PinPolicy,
    /// A PAN is not of 2 to 19 digits.
    PanLength,
    /// A PAN holds something other than decimal digits.
    PanNotDecimal,
    /// The last digit of a PAN is not the check digit of those before it.
    PanCheckDigit,
    /// The format binds the block to a PAN, and none was given.
    PanMissing,
    /// The fill is not as long as the format and the PIN's length want it.
    FillLength,
    /// The fill holds a value that the format does not allow.
    FillValue,
    /// The random number generator failed.
    Rng,
    /// The block does not hold a PIN under this key and PAN.
    InvalidBlock,
    /// The block is not as long as the format's blocks are.
    BlockLength,
    /// The cipher's block is not of the size that the format needs.
    CipherBlockSize,
    /// The operation does not exist for this format.
    UnsupportedFormat,
    /// No format has this name.
    UnknownFormat,
    /// A block of format 2 is for a chip: it is translated neither out of that format nor into it.
    TranslationOfFormat2,
    /// Only a block of format 1 may become one of format 1, which is bound to no PAN.
    TranslationToFormat1,
    /// A legacy format is translated only under an exception that has to be named.
    TranslationFromLegacy,
    /// A translation makes no block of a legacy format.
    TranslationToLegacy,
    /// A translation changes the PAN only under an exception that has to be named.
    TranslationPanChange,
    /// A PIN verification key index is not in 0 to 9.
    PvkiRange,
    /// A PIN verification value is not of 4 decimal digits.
    PvvMalformed,
    /// A decimalisation table is not of 16 decimal digits.
    DecTable,
    /// A decimalisation table has fewer than 8 different digits, or one digit more than 4 times.
    DecTableWeak,
    /// Validation data are not 16 hexadecimal digits, or not to be had from this PAN.
    ValidationData,
    /// An offset is not of 4 to 12 decimal digits.
    OffsetMalformed,
    /// The PIN is not the one that the verification value was made from.
    VerificationFailed,
    /// A known answer did not come out: cipher or program is damaged.
    SelfTest,
}

impl Error {
    /// The error's name in `snake_case`, which stays the same from version to version.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PinLength => "pin_length",
            Self::PinNotDecimal => "pin_not_decimal",
            Self::PinWeak => "pin_weak",
            Self::PinPolicy => "pin_policy",
            Self::PanLength => "pan_length",
            Self::PanNotDecimal => "pan_not_decimal",
            Self::PanCheckDigit => "pan_check_digit",
            Self::PanMissing => "pan_missing",
            Self::FillLength => "fill_length",
            Self::FillValue => "fill_value",
            Self::Rng => "rng",
            Self::InvalidBlock => "invalid_block",
            Self::BlockLength => "block_length",
            Self::CipherBlockSize => "cipher_block_size",
            Self::UnsupportedFormat => "unsupported_format",
            Self::UnknownFormat => "unknown_format",
            Self::TranslationOfFormat2 => "translation_of_format_2",
            Self::TranslationToFormat1 => "translation_to_format_1",
            Self::TranslationFromLegacy => "translation_from_legacy",
            Self::TranslationToLegacy => "translation_to_legacy",
            Self::TranslationPanChange => "translation_pan_change",
            Self::PvkiRange => "pvki_range",
            Self::PvvMalformed => "pvv_malformed",
            Self::DecTable => "dec_table",
            Self::DecTableWeak => "dec_table_weak",
            Self::ValidationData => "validation_data",
            Self::OffsetMalformed => "offset_malformed",
            Self::VerificationFailed => "verification_failed",
            Self::SelfTest => "self_test",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PinLength => "a pin has 4 to 12 digits, in some formats fewer",
            Self::PinNotDecimal => "a pin has decimal digits only",
            Self::PinWeak => "the pin is too easy to guess; take another",
            Self::PinPolicy => "no pin was drawn that the policy allows; make it exclude fewer",
            Self::PanLength => "a pan has 2 to 19 digits",
            Self::PanNotDecimal => "a pan has decimal digits only",
            Self::PanCheckDigit => "the last digit of the pan is not its check digit",
            Self::PanMissing => "this format needs a pan",
            Self::FillLength => "the fill is not as long as this format needs it",
            Self::FillValue => "the fill holds a value that this format does not allow",
            Self::Rng => "the random number generator failed",
            Self::InvalidBlock => "the block holds no pin under this key and pan",
            Self::BlockLength => "the block is not as long as this format's blocks",
            Self::CipherBlockSize => {
                "the cipher's block size is not the one that this format needs"
            }
            Self::UnsupportedFormat => "this format does not have this operation",
            Self::UnknownFormat => "no pin block format has this name",
            Self::TranslationOfFormat2 => {
                "format 2 is for a chip and is not translated: use format 0, 1, 3 or 4"
            }
            Self::TranslationToFormat1 => {
                "only format 1 may become format 1: translate to format 0, 3 or 4"
            }
            Self::TranslationFromLegacy => {
                "a legacy format is not translated without the exception for legacy input"
            }
            Self::TranslationToLegacy => {
                "no block of a legacy format is made: translate to format 0, 3 or 4"
            }
            Self::TranslationPanChange => {
                "the pan must be the same on both sides without the exception for a pan change"
            }
            Self::PvkiRange => "a pin verification key index is 0 to 9",
            Self::PvvMalformed => "a pin verification value has 4 decimal digits",
            Self::DecTable => "a decimalisation table has 16 decimal digits",
            Self::DecTableWeak => {
                "a decimalisation table needs 8 different digits, and none more than 4 times"
            }
            Self::ValidationData => {
                "validation data are 16 hexadecimal digits, or 1 to 16 of a pan and a pad digit"
            }
            Self::OffsetMalformed => "an offset has 4 to 12 decimal digits",
            Self::VerificationFailed => "the pin is not the right one",
            Self::SelfTest => "a known answer did not come out; do not use this device",
        })
    }
}

impl core::error::Error for Error {}
