use core::fmt;

use crate::{OptionalBlock, OptionalBlocks};

/// The optional blocks that a block will have, whoever has them: none of them is copied.
#[derive(Clone, Copy)]
pub(super) struct Carried<'a> {
    kept: Option<OptionalBlocks<'a>>,
    listed: &'a [OptionalBlock<'a>],
}

impl<'a> Carried<'a> {
    /// The caller's.
    pub(super) const fn listed(listed: &'a [OptionalBlock<'a>]) -> Self {
        Self { kept: None, listed }
    }

    /// Those of another block, and behind them the caller's in place of those with the same ids.
    pub(super) const fn kept(kept: OptionalBlocks<'a>, listed: &'a [OptionalBlock<'a>]) -> Self {
        Self { kept: Some(kept), listed }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = OptionalBlock<'a>> + Clone + use<'a> {
        let listed = self.listed;
        let replaced = move |id| listed.iter().any(|block| block.id() == id);
        self.kept
            .into_iter()
            .flatten()
            .filter(move |block| !is_of_one_block(block.id()) && !replaced(block.id()))
            .chain(listed.iter().copied())
    }
}

/// Shows ids and lengths, as each of them does.
impl fmt::Debug for Carried<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Whether an optional block is true of the block that it stands in only: its padding, its time, and its protection keys' check
/// values.
const fn is_of_one_block(id: [u8; 2]) -> bool {
    matches!(&id, b"PB" | b"TS" | b"KP" | b"PK")
}
