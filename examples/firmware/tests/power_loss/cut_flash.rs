//! Flash whose power fails after so many steps.

use firmware::{Flash, FlashFault, Page};

/// What a cut leaves of the byte that was under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tear {
    /// As it was.
    Whole,
    /// Some of its bits are changed.
    Half,
    /// As `Whole`, but pages are erased from their end.
    Backwards,
}

impl Tear {
    pub(crate) const ALL: [Self; 3] = [Self::Whole, Self::Half, Self::Backwards];
}

/// Two pages. Each byte that is written or erased is a step, and so is the return to the caller after the last one.
#[derive(Clone, Debug)]
pub(crate) struct CutFlash {
    pages: [Vec<u8>; 2],
    steps_left: usize,
    tear: Tear,
    /// A write is said to be done when it is not: it is made when the next call comes.
    late: bool,
    waiting: Option<(Page, usize, Vec<u8>)>,
    pub(crate) steps: usize,
    pub(crate) erased: usize,
}

impl CutFlash {
    pub(crate) fn new(page_len: usize) -> Self {
        Self {
            pages: [vec![0xFF; page_len], vec![0xFF; page_len]],
            steps_left: usize::MAX,
            tear: Tear::Whole,
            late: false,
            waiting: None,
            steps: 0,
            erased: 0,
        }
    }

    /// Power for so many steps from now on.
    pub(crate) fn power(&mut self, steps: usize, tear: Tear) {
        (self.steps_left, self.tear) = (steps, tear);
        self.waiting = None;
    }

    /// From now on it tells its writes done too early.
    pub(crate) fn tell_done_too_early(&mut self) {
        self.late = true;
    }

    pub(crate) fn has_power(&self) -> bool {
        self.steps_left > 0
    }

    pub(crate) fn is_blank(&self, page: Page) -> bool {
        self.page(page).iter().all(|byte| *byte == 0xFF)
    }

    fn step(&mut self) -> Result<(), FlashFault> {
        // Without power nothing has any effect, and the program does not go on: its error stands for that.
        self.steps_left = self.steps_left.checked_sub(1).ok_or(FlashFault)?;
        if self.steps_left == 0 {
            return Err(FlashFault);
        }
        self.steps += 1;
        Ok(())
    }

    fn cell(&mut self, page: Page, at: usize) -> &mut u8 {
        let [a, b] = &mut self.pages;
        match page {
            Page::A => &mut a[at],
            Page::B => &mut b[at],
        }
    }

    /// Changes a cell, or half of it where the power fails.
    fn change(&mut self, page: Page, at: usize, to: u8) -> Result<(), FlashFault> {
        let before_last_step = self.steps_left == 1;
        let done = self.step();
        let half = self.tear == Tear::Half && before_last_step;
        let cell = self.cell(page, at);
        if done.is_ok() {
            *cell = to;
        } else if half {
            *cell = (*cell & 0xA5) | (to & 0x5A);
        }
        done
    }

    fn write(&mut self, page: Page, at: usize, bytes: &[u8]) -> Result<(), FlashFault> {
        for (at, byte) in (at..).zip(bytes) {
            let to = *self.cell(page, at) & byte;
            self.change(page, at, to)?;
        }
        if self.page(page)[at..at + bytes.len()] == *bytes { Ok(()) } else { Err(FlashFault) }
    }

    fn write_what_waits(&mut self) -> Result<(), FlashFault> {
        match self.waiting.take() {
            Some((page, at, bytes)) => self.write(page, at, &bytes),
            None => Ok(()),
        }
    }
}

impl Flash for CutFlash {
    fn page(&self, page: Page) -> &[u8] {
        let [a, b] = &self.pages;
        match page {
            Page::A => a,
            Page::B => b,
        }
    }

    fn erase(&mut self, page: Page) -> Result<(), FlashFault> {
        self.write_what_waits()?;
        let len = self.page(page).len();
        for at in 0..len {
            let at = if self.tear == Tear::Backwards { len - 1 - at } else { at };
            self.change(page, at, 0xFF)?;
        }
        self.erased += 1;
        self.step()
    }

    fn program(&mut self, page: Page, at: usize, bytes: &[u8]) -> Result<(), FlashFault> {
        self.write_what_waits()?;
        if at + bytes.len() > self.page(page).len() {
            return Err(FlashFault);
        }
        if self.late {
            self.waiting = Some((page, at, bytes.to_vec()));
        } else {
            self.write(page, at, bytes)?;
        }
        self.step()
    }
}
