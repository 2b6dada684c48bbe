//! Dates and times as messages carry them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A moment, in UTC, which is this system's local time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(DateTime);

impl Moment {
    /// The present.
    pub(crate) fn now() -> Self {
        Self(Timestamp::now().to_zoned(TimeZone::UTC).datetime())
    }

    /// A given moment, for tests.
    #[cfg(test)]
    pub(crate) fn at(text: &str) -> Self {
        Self(text.parse().expect("a date and time"))
    }

    /// MMDDhhmmss, field 7.
    pub(crate) fn transmission(self) -> String {
        self.0.strftime("%m%d%H%M%S").to_string()
    }

    /// hhmmss, field 12.
    pub(crate) fn time(self) -> String {
        self.0.strftime("%H%M%S").to_string()
    }

    /// MMDD, field 13.
    pub(crate) fn date(self) -> String {
        self.0.strftime("%m%d").to_string()
    }

    /// YYMM, to compare with an expiry date.
    pub(crate) fn year_month(self) -> String {
        self.0.strftime("%y%m").to_string()
    }

    /// YYMMDD, EMV's transaction date (tag 9A).
    pub(crate) fn emv_date(self) -> String {
        self.0.strftime("%y%m%d").to_string()
    }

    /// ydddhh, the first half of a retrieval reference number.
    pub(crate) fn reference_prefix(self) -> String {
        let year = self.0.strftime("%y").to_string();
        let last_digit = year.get(1..).unwrap_or_default();
        format!("{last_digit}{}", self.0.strftime("%j%H"))
    }

    /// For people: `2026-11-23 09:30:00`.
    pub(crate) fn readable(self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_fields_want_it() {
        let moment = Moment::at("2026-02-03T04:05:06");
        assert_eq!(moment.transmission(), "0203040506");
        assert_eq!((moment.time(), moment.date()), ("040506".into(), "0203".into()));
        assert_eq!((moment.year_month(), moment.emv_date()), ("2602".into(), "260203".into()));
        assert_eq!(moment.reference_prefix(), "603404");
    }
}
