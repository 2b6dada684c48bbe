//! The tags of the [`dictionary`](crate::dictionary) as constants; it says what the elements are.
//!
//! This page, searched for `0x9F02` or a word of its name, finds a tag's constant; a tag without one is made by [`Tag::new`].
//!
//! A tag that kernels use for several things has one constant, named by the meaning that is met most. Kernel 8 has tags of its
//! own for elements that kernel 2 has too: their constants end in `_C8`.

use crate::{Tag, dictionary::elements};

macro_rules! constants {
    ($($raw:literal $constant:ident $format:ident $lengths:expr, $source:ident $sensitivity:ident $within:ident $document:ident $name:literal;)*) => {
        $(
            #[doc = concat!("`", stringify!($raw), "`: ", $name, ".")]
            pub const $constant: Tag = Tag($raw);
        )*
    };
}

elements!(constants);
