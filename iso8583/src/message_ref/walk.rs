//! The fields found one after the other: once fast, and where that does not do, by the general way.

use super::{MessageRef, offset_u16};
use crate::field::Step;
use crate::parts::check_value;
use crate::wire;
use crate::words::{Run, WIDE};
use crate::{Bitmaps, Error, ErrorKind, Field, Path, Spec, head};

impl MessageRef<'_, '_> {
    /// Finds and checks the fields of the usual forms, and gives where the message ends; `None` where the message is
    /// wrong, or of a form that the general way has to read.
    ///
    /// Neighbouring fields that are to be checked for the same characters are checked at once, together with those
    /// of their length prefixes that have the same characters.
    #[inline]
    pub(super) fn walk_fast<const CLASSES: bool>(
        &mut self,
        message: &[u8],
        start: usize,
    ) -> Option<usize> {
        if !WIDE || matches!(self.spec.bitmaps(), Bitmaps::UpToThreeInField65) {
            return None;
        }
        let (mut at, mut run, mut run_at) = (start, Run::Nothing, start);
        let fields = self.spec.tables().fields;
        let mut slots = self.starts.iter_mut();
        for (mut bits, below) in self.carried.words().into_iter().zip([1_u32, 65, 129]) {
            while bits != 0 {
                let index = bits.leading_zeros();
                bits &= !(head::FIRST >> index);
                *slots.next()? = offset_u16(at);
                // At most 192.
                let number = below.wrapping_add(index) as usize;
                let field = fields.get(number)?.as_ref()?;
                let plan = field.plan();
                let (data_at, end) = match plan.step {
                    Step::Fixed => (at, at.wrapping_add(plan.limit.into())),
                    Step::General => {
                        let total = pass_general::<CLASSES>(self.spec, field, message.get(at..)?)?;
                        if CLASSES && !run.passes(message.get(run_at..at)?) {
                            return None;
                        }
                        at = at.wrapping_add(total);
                        (run, run_at) = (Run::Nothing, at);
                        continue;
                    }
                    step => {
                        let (width, count) = announced(step, message.get(at..)?)?;
                        if count > plan.limit {
                            return None;
                        }
                        // A u16 four times: no overflow.
                        let halves = usize::from(count).wrapping_mul(plan.halves.into());
                        let data_at = at.wrapping_add(width);
                        (data_at, data_at.wrapping_add(halves.wrapping_add(1) >> 1))
                    }
                };
                if end > message.len() {
                    return None;
                }
                if plan.run != run || plan.breaks {
                    if CLASSES && !run.passes(message.get(run_at..at)?) {
                        return None;
                    }
                    (run, run_at) = (plan.run, if plan.breaks { data_at } else { at });
                    if matches!(run, Run::Own) {
                        pass_general::<CLASSES>(self.spec, field, message.get(at..end)?)?;
                        (run, run_at) = (Run::Nothing, end);
                    }
                }
                at = end;
            }
        }
        if CLASSES && !run.passes(message.get(run_at..at)?) {
            return None;
        }
        *slots.next()? = offset_u16(at);
        Some(at)
    }

    /// Finds and checks the fields by the general way, and gives where the message ends.
    ///
    /// After an error, what is carried is what stands before the field at fault.
    pub(super) fn walk<const CLASSES: bool>(
        &mut self,
        message: &[u8],
        start: usize,
    ) -> Result<usize, Error> {
        let mut at = start;
        let mut numbers = self.carried.iter();
        let mut rank = 0_usize;
        while let Some(number) = numbers.next() {
            if let Some(slot) = self.starts.get_mut(rank) {
                *slot = offset_u16(at);
            }
            rank = rank.saturating_add(1);
            let passed = if number == 65 && self.has_third_among_fields() {
                self.read_third(message, at).inspect(|_| numbers = self.carried.after(65))
            } else {
                self.pass::<CLASSES>(message, at, number)
            };
            match passed {
                Ok(end) => at = end,
                Err(error) => {
                    self.carried = self.carried.below(number);
                    return Err(error);
                }
            }
        }
        if let Some(slot) = self.starts.get_mut(rank) {
            *slot = offset_u16(at);
        }
        Ok(at)
    }

    /// Checks one field and gives where it ends.
    fn pass<const CLASSES: bool>(
        &self,
        message: &[u8],
        at: usize,
        number: u16,
    ) -> Result<usize, Error> {
        let rest = message.get(at..).unwrap_or_default();
        let Some(field) = self.spec.field(number) else {
            return Err(Error::new(ErrorKind::UndefinedField, at, Path::field(number)));
        };
        let checked = wire::skip(field, rest).and_then(|extent| {
            let data = rest.get(extent.head..extent.total).unwrap_or_default();
            check_value(self.spec, field, data, extent.count, CLASSES).map_err(|fault| {
                wire::Fault { offset: fault.offset.saturating_add(extent.head), ..fault }
            })?;
            Ok(at.saturating_add(extent.total))
        });
        checked.map_err(|fault| {
            let fault = fault.within(number, at);
            Error::new(fault.kind, fault.offset, fault.path)
        })
    }

    /// Reads the third bitmap where it stands among the fields, and gives where it ends.
    fn read_third(&mut self, message: &[u8], at: usize) -> Result<usize, Error> {
        let encoding = self.spec.bitmap_encoding();
        let bits = head::read_bitmap(encoding, message, at, Path::field(65))?;
        let [first, second, _] = self.carried.words();
        self.carried = crate::Bitmap::from_words([first, second, bits]);
        Ok(at.saturating_add(encoding.width()))
    }
}

/// Passes a field whose length is of one of the rarer forms, and gives its length in bytes.
#[inline(never)]
fn pass_general<const CLASSES: bool>(
    spec: &Spec<'_>,
    field: &Field,
    bytes: &[u8],
) -> Option<usize> {
    let extent = wire::skip(field, bytes).ok()?;
    let data = bytes.get(extent.head..extent.total)?;
    check_value(spec, field, data, extent.count, CLASSES).ok()?;
    Some(extent.total)
}

/// The width of a length prefix of one of the usual forms, and the number that it says.
#[inline]
fn announced(step: Step, bytes: &[u8]) -> Option<(usize, u16)> {
    match (step, bytes) {
        (Step::Ascii2, [tens, ones, ..]) => Some((2, ascii_digits([b'0', *tens, *ones])?)),
        (Step::Ascii3, [hundreds, tens, ones, ..]) => {
            Some((3, ascii_digits([*hundreds, *tens, *ones])?))
        }
        (Step::Bcd2, [low, ..]) => Some((1, bcd_digits([0, *low])?)),
        (Step::Bcd4, [high, low, ..]) => Some((2, bcd_digits([*high, *low])?)),
        _ => None,
    }
}

/// The number that three ASCII digits say.
#[inline]
fn ascii_digits(digits: [u8; 3]) -> Option<u16> {
    let [hundreds, tens, ones] = digits.map(|digit| u16::from(digit.wrapping_sub(b'0')));
    if hundreds > 9 || tens > 9 || ones > 9 {
        return None;
    }
    Some(hundreds.wrapping_mul(100).wrapping_add(tens.wrapping_mul(10)).wrapping_add(ones))
}

/// The number that two bytes of packed digits say.
#[inline]
fn bcd_digits(bytes: [u8; 2]) -> Option<u16> {
    let [high, low] = bytes.map(|byte| (u16::from(byte >> 4), u16::from(byte & 0x0F)));
    if high.0 > 9 || high.1 > 9 || low.0 > 9 || low.1 > 9 {
        return None;
    }
    let pair = |(tens, ones): (u16, u16)| tens.wrapping_mul(10).wrapping_add(ones);
    Some(pair(high).wrapping_mul(100).wrapping_add(pair(low)))
}
