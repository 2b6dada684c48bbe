//! The tags of EMV Book 3, of entry point and of the common contactless kernels that a terminal meets, as constants.
//!
//! Of the tags for biometric verification only 9F30, the terminal's capabilities, is among them.
//! What the elements are, the [`dictionary`](crate::dictionary) says.

use crate::{Tag, dictionary::elements};

macro_rules! constants {
    ($($raw:literal $constant:ident $format:ident $lengths:expr, $source:ident $sensitivity:ident $name:literal;)*) => {
        $(
            #[doc = concat!($name, ".")]
            pub const $constant: Tag = Tag($raw);
        )*
    };
}

elements!(constants);
