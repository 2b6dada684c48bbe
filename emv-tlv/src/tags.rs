//! The tags of the [`dictionary`](crate::dictionary) as constants, which says what the elements are.
//!
//! A tag that kernels use for several things has one constant, named by the meaning that is met most. Kernel 8 has tags of its
//! own for elements that kernel 2 has too: their constants end in `_C8`.

use crate::{Tag, dictionary::elements};

macro_rules! constants {
    ($($raw:literal $constant:ident $format:ident $lengths:expr, $source:ident $sensitivity:ident $within:ident $document:ident $name:literal;)*) => {
        $(
            #[doc = concat!($name, ".")]
            pub const $constant: Tag = Tag($raw);
        )*
    };
}

elements!(constants);
