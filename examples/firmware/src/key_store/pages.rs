//! Two pages, of which one is in force.
//!
//! ```text
//! generation and its complement (16 bytes)   snapshot, filled up to 16   record   record   FF ..
//! ```
//! The generation is written after the snapshot, and puts its page in force: the highest one counts. The other page is erased then, since
//! it leads to keys that were used.

use dukpt::terminal::RECORD_LEN;

use crate::Error;
use crate::flash::{Flash, Page};

/// Generation, complement, and nothing, so that records stand at multiples of their length.
const HEADER_LEN: usize = 16;

/// The pages, and where the next record goes.
pub(super) struct Pages<F> {
    flash: F,
    in_force: Option<Page>,
    generation: u32,
    end: usize,
}

impl<F> Pages<F> {
    pub(super) const fn new(flash: F) -> Self {
        Self { flash, in_force: None, generation: 0, end: 0 }
    }

    pub(super) const fn flash(&self) -> &F {
        &self.flash
    }

    pub(super) fn into_flash(self) -> F {
        self.flash
    }

    pub(super) fn forget(&mut self) {
        self.in_force = None;
        self.generation = 0;
        self.end = 0;
    }
}

impl<F: Flash> Pages<F> {
    /// The page with the highest generation.
    pub(super) fn newest(&self) -> Option<(u32, Page)> {
        Page::BOTH
            .into_iter()
            .filter_map(|page| Some((generation(self.flash.page(page))?, page)))
            .max_by_key(|(generation, _)| *generation)
    }

    /// Puts the newest page in force: its snapshot, and all records behind it.
    pub(super) fn open(
        &mut self,
        snapshot_len: usize,
    ) -> Result<(&[u8], &[[u8; RECORD_LEN]]), Error> {
        let (generation, page) = self.newest().ok_or(Error::NoKeys)?;
        let begin = log_begin(snapshot_len);
        let bytes = self.flash.page(page);
        let (head, log) = bytes.split_at_checked(begin).ok_or(Error::PageTooSmall)?;
        let (_, snapshot) = head.split_at_checked(HEADER_LEN).unwrap_or_default();
        let snapshot = snapshot.get(..snapshot_len).unwrap_or_default();
        let (records, _) = log.as_chunks();
        let last = records.iter().rposition(|record| !is_blank(record));
        let count = last.map_or(0, |last| last.saturating_add(1));
        self.in_force = Some(page);
        self.generation = generation;
        self.end = count.saturating_mul(RECORD_LEN).saturating_add(begin);
        Ok((snapshot, records.get(..count).unwrap_or_default()))
    }

    /// Whether there is a place for another record.
    pub(super) fn has_room(&self) -> Result<bool, Error> {
        let page = self.in_force.ok_or(Error::NoKeys)?;
        Ok(self.end.saturating_add(RECORD_LEN) <= self.flash.page(page).len())
    }

    /// Writes a record behind the others.
    pub(super) fn append(&mut self, record: &[u8; RECORD_LEN]) -> Result<(), Error> {
        let page = self.in_force.ok_or(Error::NoKeys)?;
        let at = self.end;
        // Whatever comes of it, this place is used.
        self.end = at.saturating_add(RECORD_LEN);
        Ok(self.flash.program(page, at, record)?)
    }

    /// Writes a snapshot to the page that is not in force, puts it in force, and erases the other.
    pub(super) fn change_over(&mut self, snapshot: &[u8]) -> Result<(), Error> {
        let page = self.in_force.map_or(Page::A, Page::other);
        let begin = log_begin(snapshot.len());
        if begin.saturating_add(RECORD_LEN) > self.flash.page(page).len() {
            return Err(Error::PageTooSmall);
        }
        self.erase(page)?;
        self.flash.program(page, HEADER_LEN, snapshot)?;
        let generation = self.generation.saturating_add(1);
        let numbers = u64::from(generation) << 32 | u64::from(!generation);
        self.flash.program(page, 0, &numbers.to_be_bytes())?;
        self.in_force = Some(page);
        self.generation = generation;
        self.end = begin;
        self.erase_old()
    }

    /// Erases what is not in force, if anything is there.
    pub(super) fn erase_old(&mut self) -> Result<(), Error> {
        let page = self.in_force.ok_or(Error::NoKeys)?;
        self.erase(page.other())
    }

    fn erase(&mut self, page: Page) -> Result<(), Error> {
        if !is_blank(self.flash.page(page)) {
            self.flash.erase(page)?;
        }
        Ok(())
    }
}

/// Where records begin behind a snapshot of this length.
const fn log_begin(snapshot_len: usize) -> usize {
    HEADER_LEN.saturating_add(snapshot_len).next_multiple_of(RECORD_LEN)
}

/// A page's generation, if its snapshot was written to the end.
fn generation(page: &[u8]) -> Option<u32> {
    let (generation, rest) = page.split_first_chunk()?;
    let (complement, _) = rest.split_first_chunk()?;
    let generation = u32::from_be_bytes(*generation);
    (generation == !u32::from_be_bytes(*complement)).then_some(generation)
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0xFF)
}
