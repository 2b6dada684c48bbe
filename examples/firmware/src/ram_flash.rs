//! Flash that is simulated in RAM.

use core::fmt;

use crate::flash::{Flash, FlashFault, Page};

/// Two pages of `N` bytes that behave as NOR flash does, as long as there is power.
pub struct RamFlash<const N: usize> {
    pages: [[u8; N]; 2],
}

impl<const N: usize> RamFlash<N> {
    /// Pages as they leave the factory.
    pub const ERASED: Self = Self { pages: [[0xFF; N]; 2] };
    /// Pages that were written before, and not by this program. As a static they take no room in an image.
    pub const WORN: Self = Self { pages: [[0; N]; 2] };

    fn page_mut(&mut self, page: Page) -> &mut [u8; N] {
        let [a, b] = &mut self.pages;
        match page {
            Page::A => a,
            Page::B => b,
        }
    }
}

impl<const N: usize> Flash for RamFlash<N> {
    fn page(&self, page: Page) -> &[u8] {
        let [a, b] = &self.pages;
        match page {
            Page::A => a,
            Page::B => b,
        }
    }

    fn erase(&mut self, page: Page) -> Result<(), FlashFault> {
        self.page_mut(page).fill(0xFF);
        Ok(())
    }

    fn program(&mut self, page: Page, at: usize, bytes: &[u8]) -> Result<(), FlashFault> {
        let place = self.page_mut(page).get_mut(at..).ok_or(FlashFault)?;
        let place = place.get_mut(..bytes.len()).ok_or(FlashFault)?;
        place.iter_mut().zip(bytes).for_each(|(cell, byte)| *cell &= byte);
        if place == bytes { Ok(()) } else { Err(FlashFault) }
    }
}

impl<const N: usize> fmt::Debug for RamFlash<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RamFlash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programming_clears_bits_and_sets_none() {
        let mut flash = RamFlash::<8>::ERASED;
        assert_eq!(flash.program(Page::A, 2, &[0xF0, 0x0F]), Ok(()));
        assert_eq!(flash.page(Page::A), [0xFF, 0xFF, 0xF0, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(flash.program(Page::A, 2, &[0x70]), Ok(()));
        assert_eq!(flash.program(Page::A, 2, &[0xF0]), Err(FlashFault));
        assert_eq!(flash.page(Page::A)[2], 0x70);
        assert_eq!(flash.program(Page::A, 7, &[0, 0]), Err(FlashFault));
        assert_eq!(flash.program(Page::A, 9, &[]), Err(FlashFault));
        assert_eq!(flash.page(Page::B), [0xFF; 8]);
        assert_eq!(flash.erase(Page::A), Ok(()));
        assert_eq!(flash.page(Page::A), [0xFF; 8]);
    }
}
