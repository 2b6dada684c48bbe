use super::{
    ContentsFault,
    data::{Data, Wrong, hex_array},
};

macro_rules! hashes {
    ($($code:literal $hash:ident $name:literal,)+) => {
        /// The hash that an HMAC key works with: the optional block HM.
        ///
        /// Two hex digits.
        ///
        /// Source: ANSI X9.143:2021, 6.3.6.5, table 13.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum HmacHash {
            $(
                #[doc = $name]
                $hash,
            )+
        }

        impl HmacHash {
            /// Every hash of the standard.
            pub const ALL: &'static [Self] = &[$(Self::$hash,)+];

            /// The byte that the two digits spell.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$hash => $code,)+
                }
            }

            /// The hash that has this byte.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$hash),)+
                    _ => None,
                }
            }

            /// The hash's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$hash => $name,)+
                }
            }
        }
    };
}

hashes! {
    0x10 Sha1 "SHA-1",
    0x20 Sha224 "SHA-224",
    0x21 Sha256 "SHA-256",
    0x22 Sha384 "SHA-384",
    0x23 Sha512 "SHA-512",
    0x24 Sha512_224 "SHA-512/224",
    0x25 Sha512_256 "SHA-512/256",
    0x30 Sha3_224 "SHA3-224",
    0x31 Sha3_256 "SHA3-256",
    0x32 Sha3_384 "SHA3-384",
    0x33 Sha3_512 "SHA3-512",
    0x40 Shake128 "SHAKE128",
    0x41 Shake256 "SHAKE256",
}

impl HmacHash {
    /// Bytes of the hash; none for SHAKE, which has no length of its own.
    #[must_use]
    pub const fn output_len(self) -> Option<usize> {
        Some(match self {
            Self::Sha1 => 20,
            Self::Sha224 | Self::Sha512_224 | Self::Sha3_224 => 28,
            Self::Sha256 | Self::Sha512_256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 => 64,
            Self::Shake128 | Self::Shake256 => return None,
        })
    }

    pub(crate) fn read(data: &[u8]) -> Result<Self, Wrong> {
        let [code] = hex_array(data)?;
        Self::from_code(code).ok_or(Wrong::new(ContentsFault::Value, 0))
    }

    pub(super) fn write(self, data: &mut Data<'_>) {
        data.hex(&[self.code()]);
    }
}
