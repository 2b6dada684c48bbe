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

/// What the forms have in place of digits.
const LETTERS: [u8; 7] = *b"YMDhmsc";

impl UtcTime {
    pub(super) fn read(data: &[u8]) -> Result<Self, Wrong> {
        let (form, separated): (&[u8], bool) = match data.len() {
            15 => (b"YYYYMMDDhhmmssZ", false),
            17 => (b"YYYYMMDDhhmmssccZ", false),
            20 => (b"YYYY-MM-DDThh:mm:ssZ", true),
            23 => (b"YYYY-MM-DDThh:mm:ss.ccZ", true),
            _ => return Err(Wrong::length(data)),
        };
        let mut numbers = [0_u16; 7];
        for (at, (form, &character)) in form.iter().zip(data).enumerate() {
            let place = LETTERS.iter().position(|letter| letter == form);
            match place.and_then(|place| numbers.get_mut(place)) {
                Some(number) if character.is_ascii_digit() => {
                    *number = number.wrapping_mul(10).wrapping_add(u16::from(character & 15));
                }
                None if *form == character => {}
                _ => return Err(Wrong::new(ContentsFault::Time, at)),
            }
        }
        let [year, month, day, hour, minute, second, hundredths] = numbers;
        let leap = year & 3 == 0 && (!year.is_multiple_of(100) || year & 15 == 0);
        let days = match month {
            2 => 28 | u16::from(leap),
            // 31 in odd months up to July, in even ones after it.
            _ => 30 | (month ^ month >> 3) & 1,
        };
        let ranges =
            [(month, 1, 12), (day, 1, days), (hour, 0, 23), (minute, 0, 59), (second, 0, 60)];
        let outside =
            ranges.iter().position(|&(number, first, last)| number < first || number > last);
        if let Some(letter) = outside.and_then(|outside| LETTERS.get(outside.wrapping_add(1))) {
            let at = form.iter().position(|of| of == letter).unwrap_or_default();
            return Err(Wrong::new(ContentsFault::Time, at));
        }
        Ok(Self {
            year,
            month: low_byte(month),
            day: low_byte(day),
            hour: low_byte(hour),
            minute: low_byte(minute),
            second: low_byte(second),
            hundredths: matches!(data.len(), 17 | 23).then_some(low_byte(hundredths)),
            separated,
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

/// A number of two digits.
const fn low_byte(number: u16) -> u8 {
    let [_, low] = number.to_be_bytes();
    low
}

/// The last two decimal digits of a number.
const fn digits(number: u8) -> [u8; 2] {
    [b'0' | (number / 10 % 10), b'0' | (number % 10)]
}
