use core::fmt;

use super::{
    ContentsFault,
    data::{Data, Wrong},
};

/// A time in UTC, to a second or a hundredth of one: the optional blocks TC and TS.
///
/// One of four forms: `20200818004100Z`, `2020081800410050Z`, `2020-08-18T00:41:00Z`, `2020-08-18T00:41:00.50Z`.
///
/// Source: ANSI X9.143:2021, 6.3.6.13, table 21, and 6.3.6.14, table 22.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UtcTime {
    /// The year, of at most four digits.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
    /// The hour, 0 to 23.
    pub hour: u8,
    /// The minute, 0 to 59.
    pub minute: u8,
    /// The second, 0 to 59, or 60 for a leap second.
    pub second: u8,
    /// Hundredths of a second, 0 to 99, if the form has them.
    pub hundredths: Option<u8>,
    /// Whether the form has separators.
    pub separated: bool,
}

const FORMS: [(&[u8], bool); 4] = [
    (b"YYYYMMDDhhmmssZ", false),
    (b"YYYYMMDDhhmmssccZ", false),
    (b"YYYY-MM-DDThh:mm:ssZ", true),
    (b"YYYY-MM-DDThh:mm:ss.ccZ", true),
];

impl UtcTime {
    pub(super) fn read(data: &[u8]) -> Result<Self, Wrong> {
        let (form, separated) = FORMS
            .into_iter()
            .find(|(form, _)| form.len() == data.len())
            .ok_or(Wrong::length(data))?;
        let stands_for =
            |letter: &u8| matches!(letter, b'Y' | b'M' | b'D' | b'h' | b'm' | b's' | b'c');
        let fits = |(letter, character): (&u8, &u8)| match stands_for(letter) {
            true => character.is_ascii_digit(),
            false => letter == character,
        };
        if let Some(at) = form.iter().zip(data).position(|pair| !fits(pair)) {
            return Err(Wrong::new(ContentsFault::Time, at));
        }
        let number = |letter: u8| {
            let digits = form.iter().zip(data).filter(|(of, _)| **of == letter);
            digits.fold(0_u16, |number, (_, digit)| {
                number.wrapping_mul(10).wrapping_add(u16::from(digit & 15))
            })
        };
        // Two digits.
        let two = |letter| u8::try_from(number(letter)).unwrap_or(u8::MAX);
        let time = Self {
            year: number(b'Y'),
            month: two(b'M'),
            day: two(b'D'),
            hour: two(b'h'),
            minute: two(b'm'),
            second: two(b's'),
            hundredths: form.contains(&b'c').then(|| two(b'c')),
            separated,
        };
        match time.outside() {
            Some(letter) => {
                let at = form.iter().position(|of| *of == letter).unwrap_or_default();
                Err(Wrong::new(ContentsFault::Time, at))
            }
            None => Ok(time),
        }
    }

    /// The letter of what no calendar and no clock has.
    const fn outside(&self) -> Option<u8> {
        let leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        Some(match self {
            Self { month: 0 | 13.., .. } => b'M',
            Self { day, .. } if *day == 0 || *day > days => b'D',
            Self { hour: 24.., .. } => b'h',
            Self { minute: 60.., .. } => b'm',
            Self { second: 61.., .. } => b's',
            _ => return None,
        })
    }

    pub(super) fn write(&self, data: &mut Data<'_>) {
        let (date, between, clock): (&[u8], &[u8], &[u8]) =
            if self.separated { (b"-", b"T", b":") } else { (b"", b"", b"") };
        let century = u8::try_from(self.year / 100).unwrap_or(u8::MAX);
        let year = u8::try_from(self.year % 100).unwrap_or(u8::MAX);
        let parts: [(&[u8], u8); 7] = [
            (b"", century),
            (b"", year),
            (date, self.month),
            (date, self.day),
            (between, self.hour),
            (clock, self.minute),
            (clock, self.second),
        ];
        for (before, number) in parts {
            data.text(before);
            data.text(&digits(number));
        }
        if let Some(hundredths) = self.hundredths {
            data.text(if self.separated { b"." } else { b"" });
            data.text(&digits(hundredths));
        }
        data.text(b"Z");
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, .. } = self;
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")?;
        if let Some(hundredths) = self.hundredths {
            write!(f, ".{hundredths:02}")?;
        }
        f.write_str(" UTC")
    }
}

/// The last two decimal digits of a number.
const fn digits(number: u8) -> [u8; 2] {
    [b'0' | (number / 10 % 10), b'0' | (number % 10)]
}
