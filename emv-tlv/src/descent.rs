//! The way down into templates and up again, without recursion: what walks and searches share.

use crate::{
    Error, ErrorKind, Padding, Tlv,
    level::{Level, to_usize},
    tlv::Header,
    walk::DEFAULT_BUDGET,
};

/// Reads object after object; which templates it goes down into is for the caller to say.
#[derive(Clone)]
pub(crate) struct Descent<'a, const DEPTH: usize> {
    input: &'a [u8],
    /// What is left of the innermost open template; its depth is how many are open.
    pub(crate) level: Level<'a>,
    /// Where in the input that template ends.
    end: u32,
    /// How many objects may still be read.
    pub(crate) budget: u32,
    /// How many of the open templates enclose what was read last.
    around: u8,
    /// For each open template, where the level around it ends: all that has to be kept to come back to it.
    ends: [u32; DEPTH],
}

impl<'a, const DEPTH: usize> Descent<'a, DEPTH> {
    /// A descent into nothing: a constant, because each array made at run time and then moved takes its room twice.
    pub(crate) const EMPTY: Self = {
        assert!(DEPTH < 256, "Tlv::depth counts to 255");
        Self {
            input: &[],
            level: Level::inside(&[], 0, 0, Padding::Strict),
            end: 0,
            budget: DEFAULT_BUDGET,
            around: 0,
            ends: [0; DEPTH],
        }
    };

    /// Begins at the front of an input.
    #[inline]
    pub(crate) fn start(&mut self, input: &'a [u8]) {
        self.input = input;
        self.level = Level::new(input, Padding::Strict);
        self.end = u32::try_from(input.len()).unwrap_or_default();
    }

    /// How many templates enclose what was read last, or the place at fault.
    #[inline]
    pub(crate) fn around(&self) -> usize {
        // Never more, which spares whoever slices by it a check.
        usize::from(self.around).min(DEPTH)
    }

    /// The next object, which is passed over unless it is [opened](Self::open).
    ///
    /// None where there is none; [`end`](Self::end) has the reason.
    #[inline(always)]
    pub(crate) fn read(&mut self) -> Option<Tlv<'a>> {
        // `take` stands here twice, so that what most objects need stays in registers.
        loop {
            if let Some(header) = Header::decode_short(self.level.rest) {
                return self.take(header);
            }
            if !self.level.rest.is_empty() || !self.close() {
                break;
            }
        }
        let header = self.next_header()?;
        self.take(header)
    }

    /// The header of the next object, behind padding and in any form; none where there is no object.
    #[cold]
    #[inline(never)]
    fn next_header(&mut self) -> Option<Header> {
        loop {
            if let Some(header) = self.level.next_header() {
                return Some(header);
            }
            // At the end of a level it was padding.
            if !self.level.rest.is_empty() || !self.close() {
                return None;
            }
        }
    }

    #[inline(always)]
    fn take(&mut self, header: Header) -> Option<Tlv<'a>> {
        self.around = self.level.depth;
        let (budget, spent) = self.budget.overflowing_sub(1);
        self.budget = budget;
        if spent {
            self.budget = 0;
            return None;
        }
        Tlv::take(&mut self.level, header)
    }

    /// Goes down into a template that was read just now; says whether one more may be open.
    #[inline(always)]
    pub(crate) fn open(&mut self, template: &Tlv<'a>) -> bool {
        let Some(end) = self.ends.get_mut(usize::from(self.level.depth)) else { return false };
        *end = self.end;
        self.end = self.level.offset;
        self.level.rest = template.value();
        self.level.offset = template.value_offset();
        // There are fewer than 256 ends.
        self.level.depth = self.level.depth.wrapping_add(1);
        true
    }

    /// Passes over what is in a template that was opened just now.
    #[inline]
    pub(crate) fn pass_over(&mut self) {
        if self.level.depth > self.around {
            self.level.offset = self.end;
            self.level.rest = &[];
        }
    }

    /// Goes on behind the innermost open template, all of which was read; says whether one was open.
    #[inline]
    fn close(&mut self) -> bool {
        let Some(depth) = self.level.depth.checked_sub(1) else { return false };
        self.level.depth = depth;
        self.end = self.ends.get(usize::from(depth)).copied().unwrap_or_default();
        let rest = to_usize(self.level.offset)..to_usize(self.end);
        self.level.rest = self.input.get(rest).unwrap_or_default();
        true
    }

    /// Ends where there is no object: with an error, or because all was read.
    ///
    /// What is wrong is looked for only now, a second time, so that reading carries no errors along.
    #[cold]
    #[inline(never)]
    pub(crate) fn end(&mut self) -> Option<Error> {
        let error = self.level.fault().or_else(|| {
            let left = !self.level.rest.is_empty();
            left.then(|| Error::new(ErrorKind::TooManyObjects, self.level.offset))
        });
        self.around = self.level.depth;
        self.stop();
        error
    }

    /// Ends with the error that no more templates may be open than there are around this one.
    #[cold]
    pub(crate) fn refuse(&mut self, template: &Tlv<'a>) -> Error {
        self.stop();
        Error::new(ErrorKind::TooDeep, template.offset())
    }

    /// Leaves nothing to be read at any level.
    fn stop(&mut self) {
        self.level.stop();
        self.input = &[];
    }
}
