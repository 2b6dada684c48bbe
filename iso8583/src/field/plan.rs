//! What the fast walk over a message knows of a field beforehand.

use super::Field;
use crate::words::Run;
use crate::{Class, Encoding, Length, PrefixEncoding};

/// How the fast walk passes a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) step: Step,
    pub(crate) run: Run,
    /// Whether the length prefix would not pass as part of the run.
    pub(crate) breaks: bool,
    /// Half bytes a unit: 1 for packed digits, 2 for most, 4 for hexadecimal text.
    pub(crate) halves: u8,
    /// Units of a fixed length in bytes; the maximum of a variable one in units.
    pub(crate) limit: u16,
    /// Whether the value is ASCII or bytes as they are, whose run says all that is to be checked.
    pub(crate) is_plain: bool,
}

/// How the walk finds where a field ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// After `limit` bytes.
    Fixed,
    /// After two ASCII digits and what they say.
    Ascii2,
    /// After three ASCII digits and what they say.
    Ascii3,
    /// After one byte of BCD digits and what they say.
    Bcd2,
    /// After two bytes of BCD digits and what they say.
    Bcd4,
    /// By the general way.
    General,
}

impl Plan {
    #[cfg(target_pointer_width = "64")]
    pub(crate) const NONE: Self = Self {
        step: Step::General,
        run: Run::Own,
        breaks: true,
        halves: 2,
        limit: 0,
        is_plain: false,
    };

    pub(crate) const fn of(field: &Field) -> Self {
        let halves = match (field.data_len(1), field.data_len(2)) {
            // The sign letter before packed digits takes a byte of its own.
            _ if matches!(field.encoding, Encoding::Bcd) && matches!(field.class, Class::Xn) => 0,
            (1, 1) => 1,
            (2, 4) => 4,
            _ => 2,
        };
        let (step, limit) = match field.length {
            Length::Fixed(length) => {
                let bytes = field.data_len(length as usize);
                (if bytes <= u16::MAX as usize { Step::Fixed } else { Step::General }, bytes)
            }
            Length::UpTo(_) => (Step::General, 0),
            Length::Variable { prefix, max } if prefix.counts_itself() || halves == 0 => {
                (Step::General, max as usize)
            }
            Length::Variable { prefix, max } => (
                match (prefix.encoding(), prefix.size()) {
                    (PrefixEncoding::Ascii, 2) => Step::Ascii2,
                    (PrefixEncoding::Ascii, 3) => Step::Ascii3,
                    (PrefixEncoding::Bcd, 1 | 2) => Step::Bcd2,
                    (PrefixEncoding::Bcd, 3 | 4) => Step::Bcd4,
                    _ => Step::General,
                },
                max as usize,
            ),
        };
        let step = match (field.unit, field.encoding) {
            // An odd number of hexadecimal digits is an error that the walk does not know.
            (crate::Unit::Characters, Encoding::Hex | Encoding::EbcdicHex) => Step::General,
            _ => step,
        };
        let run = run(field);
        let joins = match step {
            Step::Fixed => true,
            Step::Ascii2 | Step::Ascii3 => {
                matches!(
                    run,
                    Run::Digits | Run::Printable | Run::Alphanumeric | Run::Track | Run::Nothing
                )
            }
            Step::Bcd2 | Step::Bcd4 => matches!(run, Run::Packed | Run::Nothing),
            Step::General => false,
        };
        #[allow(
            clippy::cast_possible_truncation,
            reason = "compared with u16::MAX, or a u16 before"
        )]
        let limit = limit as u16;
        let is_plain = matches!(field.encoding, Encoding::Ascii | Encoding::Binary)
            && !matches!(run, Run::Own);
        Self { step, run, breaks: !joins, halves, limit, is_plain }
    }
}

const fn run(field: &Field) -> Run {
    if field.composite().is_some() {
        return Run::Own;
    }
    match (field.encoding, field.class) {
        (Encoding::Binary, _) => Run::Nothing,
        (Encoding::Ascii, Class::N) => Run::Digits,
        (Encoding::Ascii, Class::Ans) => Run::Printable,
        (Encoding::Ascii, Class::An | Class::Anp) => Run::Alphanumeric,
        (Encoding::Ascii, Class::Z) => Run::Track,
        (Encoding::Ebcdic037 | Encoding::Ebcdic500 | Encoding::Ebcdic1047, Class::N) => {
            Run::EbcdicDigits
        }
        (Encoding::Bcd, Class::N) if !field.has_hex_nibbles() => match field.length {
            // An even number has no pad, which need not be a digit.
            Length::Fixed(length) if field.packed_digits(length as usize).is_multiple_of(2) => {
                Run::Packed
            }
            _ => Run::Own,
        },
        _ => Run::Own,
    }
}
