use core::fmt;

use crate::{ContentsFault, HeaderField, OptionalBlockFault, Rule, Version};

/// What can go wrong.
///
/// Offsets count characters from the first one of the block.
///
/// # Security
/// An error never holds input. [`MacMismatch`](Error::MacMismatch) is the one answer to every block that is not authentic under
/// its protection key, and it is reached in constant time, before any plaintext is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// The block ends before its header, its optional blocks, its enciphered key and its MAC are complete.
    TooShort {
        /// How many characters there must be at least.
        needed: u16,
    },
    /// The block's length field and the block contradict each other.
    BlockLength {
        /// What the length field says.
        stated: u16,
        /// How many characters there are.
        actual: u32,
    },
    /// The block would need more than 9,999 characters.
    TooLong,
    /// A field of the header holds characters that the standard does not have for it.
    Header(HeaderField),
    /// An optional block is wrong.
    OptionalBlock {
        /// What is wrong with it.
        fault: OptionalBlockFault,
        /// Where the optional block begins.
        offset: u16,
    },
    /// An optional block of the standard does not hold what the standard says about its id.
    ///
    /// A profile refuses it by [`Rule::OptionalBlockContents`], or by [`Rule::HexKeySet`] where KS or KP is not hex.
    Contents {
        /// The optional block's id, one of the standard's.
        id: [u8; 2],
        /// What is wrong with its data.
        fault: ContentsFault,
        /// Where it is; from the first character of the data where there is no block around them.
        offset: u16,
    },
    /// The optional blocks do not fill whole blocks of the cipher.
    OptionalBlocksLength {
        /// How many characters there are of them.
        len: u16,
        /// A multiple of how many there must be.
        multiple: u8,
    },
    /// The enciphered key is not of whole blocks of the cipher.
    EncipheredLength {
        /// How many characters there are of it.
        len: u16,
        /// A multiple of how many there must be.
        multiple: u8,
    },
    /// A character of the enciphered key is no upper-case hex digit.
    KeyNotHex {
        /// Where it is.
        offset: u16,
    },
    /// A character of the MAC is no upper-case hex digit.
    MacNotHex {
        /// Where it is.
        offset: u16,
    },
    /// The protection key is not as long as a key of its algorithm.
    KbpkLength,
    /// The protection key is of another algorithm than the block's version wants.
    KbpkAlgorithm {
        /// The block's version.
        version: Version,
    },
    /// Keys that are kept for one version were given a block of another.
    KeptVersion {
        /// The block's version.
        version: Version,
    },
    /// The caller's buffer is too small.
    BufferTooSmall {
        /// How many bytes it must have.
        needed: u16,
    },
    /// The block is not authentic under this protection key.
    MacMismatch,
    /// The length of the key inside an authentic block is zero, not of whole bytes, or more than there is.
    KeyLengthField,
    /// The profile refuses it.
    Rule {
        /// The rule that is not kept.
        rule: Rule,
        /// Where the text begins that does not keep it.
        offset: u16,
    },
    /// A key is not as long as its algorithm wants it.
    KeyLength,
    /// The fill is not as long as what has to be filled.
    PadLength,
    /// The random number generator failed.
    Rng,
    /// The key's usage is another one than that of the type asked for.
    UsageMismatch,
    /// The key's algorithm is another one than that of the type asked for.
    AlgorithmMismatch,
    /// The key's mode of use does not allow what is asked for.
    ModeMismatch,
    /// The block holds a component, which is no key before it is combined with the others.
    KeyComponent,
    /// The key must not be exported, or not in this form.
    NotExportable,
    /// An exported block would allow more than the block that the key came in, or say something else of the key.
    ExportWidens,
    /// The initial key comes without its id: a TDES key needs the optional block KS, an AES key IK.
    InitialKeyIdMissing,
    /// A DUKPT key's id is not one of its algorithm, is there twice, or an initial key serial number has a counter that is not zero: KS
    /// belongs to TDES with 8 or 10 bytes, IK to AES with 8; BI says for which of the two it is.
    InitialKeyIdMismatch,
    /// There are not 2 to 9 components, or not as many as were announced.
    ComponentCount,
    /// The components are not of one length.
    ComponentLength,
    /// The key is zero: components cancel each other out, or what is to be split is no key.
    ZeroKey,
    /// A check value is not as long as its method makes it.
    KcvLength,
    /// The check value is not that of the key.
    KcvMismatch,
    /// A byte of the key has even parity.
    Parity,
    /// The parts of the TDES key are the same where they must differ.
    DegenerateKey,
    /// A part of the key is one of the weak, semi-weak or, where these are refused, possibly weak DES keys.
    WeakKey,
    /// No variant, or no pair of master keys, has this number.
    Variant,
    /// More or fewer bytes were asked for than the function can give.
    OutputLength,
    /// A private key is not a number that the curve has.
    PrivateKey,
    /// A public key is not a point of the curve in a form that is read here.
    PublicKey,
    /// Shared info is not of the layout that it is to have.
    SharedInfo,
    /// No name of its kind is like this.
    UnknownName,
    /// An algorithm does not give its known answer: nothing of this crate is to be used.
    SelfTest,
}

impl Error {
    /// The error's name in `snake_case`, which stays the same from version to version.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too_short",
            Self::BlockLength { .. } => "block_length",
            Self::TooLong => "too_long",
            Self::Header(_) => "header",
            Self::OptionalBlock { .. } => "optional_block",
            Self::Contents { .. } => "contents",
            Self::OptionalBlocksLength { .. } => "optional_blocks_length",
            Self::EncipheredLength { .. } => "enciphered_length",
            Self::KeyNotHex { .. } => "key_not_hex",
            Self::MacNotHex { .. } => "mac_not_hex",
            Self::KbpkLength => "kbpk_length",
            Self::KbpkAlgorithm { .. } => "kbpk_algorithm",
            Self::KeptVersion { .. } => "kept_version",
            Self::BufferTooSmall { .. } => "buffer_too_small",
            Self::MacMismatch => "mac_mismatch",
            Self::KeyLengthField => "key_length_field",
            Self::Rule { .. } => "rule",
            Self::KeyLength => "key_length",
            Self::PadLength => "pad_length",
            Self::Rng => "rng",
            Self::UsageMismatch => "usage_mismatch",
            Self::AlgorithmMismatch => "algorithm_mismatch",
            Self::ModeMismatch => "mode_mismatch",
            Self::KeyComponent => "key_component",
            Self::NotExportable => "not_exportable",
            Self::ExportWidens => "export_widens",
            Self::InitialKeyIdMissing => "initial_key_id_missing",
            Self::InitialKeyIdMismatch => "initial_key_id_mismatch",
            Self::ComponentCount => "component_count",
            Self::ComponentLength => "component_length",
            Self::ZeroKey => "zero_key",
            Self::KcvLength => "kcv_length",
            Self::KcvMismatch => "kcv_mismatch",
            Self::Parity => "parity",
            Self::DegenerateKey => "degenerate_key",
            Self::WeakKey => "weak_key",
            Self::Variant => "variant",
            Self::OutputLength => "output_length",
            Self::PrivateKey => "private_key",
            Self::PublicKey => "public_key",
            Self::SharedInfo => "shared_info",
            Self::UnknownName => "unknown_name",
            Self::SelfTest => "self_test",
        }
    }

    /// Where in the block it is, if it is at one place: characters from its first.
    #[must_use]
    pub const fn offset(self) -> Option<u16> {
        match self {
            Self::BlockLength { .. } => Some(HeaderField::Length.offset()),
            Self::Header(field) => Some(field.offset()),
            Self::OptionalBlock { offset, .. }
            | Self::Contents { offset, .. }
            | Self::Rule { offset, .. }
            | Self::KeyNotHex { offset }
            | Self::MacNotHex { offset } => Some(offset),
            Self::OptionalBlocksLength { .. } => Some(16),
            Self::KbpkAlgorithm { .. } | Self::KeptVersion { .. } => Some(0),
            _ => None,
        }
    }
}

impl Error {
    /// The rule by which a profile refuses, if it is one.
    #[must_use]
    pub const fn rule(self) -> Option<Rule> {
        match self {
            Self::Rule { rule, .. } => Some(rule),
            Self::Contents { id: [b'K', b'S' | b'P'], fault: ContentsFault::NotHex, .. } => {
                Some(Rule::HexKeySet)
            }
            Self::Contents { .. } => Some(Rule::OptionalBlockContents),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooShort { needed } => {
                write!(f, "the block is cut: at least {needed} characters are needed")
            }
            Self::BlockLength { stated, actual } => write!(
                f,
                "the length field at offset 1 says {stated}, the block has {actual} characters"
            ),
            Self::Header(field) => {
                write!(f, "the {} at offset {} has no such value", field.name(), field.offset())
            }
            Self::OptionalBlock { fault, offset } => {
                write!(f, "the optional block at offset {offset} {}", fault.as_text())
            }
            Self::Contents { id, fault, offset } => {
                let [first, second] =
                    id.map(|character| char::from(character.to_ascii_lowercase()));
                write!(f, "offset {offset}: the optional block {first}{second} {}", fault.as_text())
            }
            Self::OptionalBlocksLength { len, multiple } => write!(
                f,
                "the optional blocks have {len} characters, which is no multiple of {multiple}: add a block pb"
            ),
            Self::EncipheredLength { len, multiple } => write!(
                f,
                "the enciphered key has {len} characters, which is no multiple of {multiple}"
            ),
            Self::KeyNotHex { offset } => write!(
                f,
                "the enciphered key holds something else than 0-9 and a-f in upper case at offset {offset}"
            ),
            Self::MacNotHex { offset } => write!(
                f,
                "the mac holds something else than 0-9 and a-f in upper case at offset {offset}"
            ),
            Self::KbpkAlgorithm { version } => {
                let (has, wants) = if version.is_aes() { ("tdes", "aes") } else { ("aes", "tdes") };
                write!(f, "the kbpk is {has}, but version {} wants {wants}", Lower(version))
            }
            Self::KeptVersion { version } => {
                write!(f, "the kept keys are not those of version {}", Lower(version))
            }
            Self::BufferTooSmall { needed } => write!(f, "the buffer needs {needed} bytes"),
            Self::Rule { rule, offset } => write!(f, "offset {offset}: {}", rule.as_text()),
            _ => f.write_str(self.as_text()),
        }
    }
}

/// A version in lower case, as all of the text is.
struct Lower(Version);

impl fmt::Display for Lower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_char(f, char::from(self.0.code().to_ascii_lowercase()))
    }
}

impl Error {
    /// The text of an error that has no numbers in it.
    const fn as_text(self) -> &'static str {
        match self {
            Self::TooLong => "the block would have more than 9999 characters",
            Self::KbpkLength => "a kbpk has 16 or 24 bytes (tdes), or 16, 24 or 32 bytes (aes)",
            Self::MacMismatch => {
                "the mac does not match: another kbpk, or the block was changed on its way"
            }
            Self::KeyLengthField => "the key inside has no length that the block has room for",
            Self::KeyLength => "the key has the wrong length for its algorithm",
            Self::PadLength => "the fill has the wrong length",
            Self::Rng => "the random number generator failed",
            Self::UsageMismatch => "the key's usage is another one",
            Self::AlgorithmMismatch => "the key's algorithm is another one",
            Self::ModeMismatch => "the key's mode of use does not allow this",
            Self::KeyComponent => "this is a component, not yet a key: combine it with the others",
            Self::NotExportable => "the key's exportability forbids this",
            Self::ExportWidens => {
                "an export must not allow more than the block it came in, or say something else of the key"
            }
            Self::InitialKeyIdMissing => {
                "the initial key has no id: a tdes key needs the block ks, an aes key ik"
            }
            Self::InitialKeyIdMismatch => {
                "the id is not one of this key: tdes wants ks (8 or 10 bytes, counter 0), aes wants ik (8), \
                 and not both; bi is 00 and 5 bytes (tdes) or 01 and 4 (aes)"
            }
            Self::ComponentCount => "a key has 2 to 9 components, as many as were announced",
            Self::ComponentLength => "the components are not of one length",
            Self::ZeroKey => "the key is zero: components that cancel out, or no key at all",
            Self::KcvLength => "the check value has the wrong length",
            Self::KcvMismatch => "the check value is not that of the key",
            Self::Parity => "a byte of the key has even parity",
            Self::DegenerateKey => "parts of the tdes key are the same",
            Self::WeakKey => "a part of the key is a weak or semi-weak des key",
            Self::Variant => "no variant has this number",
            Self::OutputLength => "no output of this length",
            Self::PrivateKey => "the private key is not of this curve",
            Self::PublicKey => "the public key is not a point of this curve",
            Self::SharedInfo => "the shared info is not of this layout",
            Self::UnknownName => "there is no such name",
            Self::SelfTest => "an algorithm failed its self-test; use none of them",
            _ => "",
        }
    }
}

impl core::error::Error for Error {}
