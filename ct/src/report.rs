//! What valgrind printed, and whose code each report is about.

use std::fs;

use crate::shown::Shown;

/// One place in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) function: String,
    pub(crate) path: String,
    pub(crate) line: usize,
}

/// One report: what was done with a secret, and where, the innermost call first.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) what: String,
    pub(crate) calls: Vec<Place>,
}

/// Crates through which others do their work: a report in one of them is about who called it.
const GLUE: [&str; 9] = [
    "subtle",
    "hybrid-array",
    "cipher",
    "inout",
    "zeroize",
    "crypto-common",
    "typenum",
    "digest",
    "rand_core",
];

impl Place {
    /// `NAME (PATH:LINE)`, or nothing where there is no debug information.
    fn read(text: &str) -> Option<Self> {
        let (function, place) = text.strip_suffix(')')?.rsplit_once(" (")?;
        let (path, line) = place.rsplit_once(':')?;
        Some(Self { function: function.into(), path: path.into(), line: line.parse().ok()? })
    }

    /// The crate from a registry that this is in, with its version.
    pub(crate) fn registry_crate(&self) -> Option<(&str, &str)> {
        let (_, rest) = self.path.split_once("/registry/src/")?;
        let directory = rest.split('/').nth(1)?;
        directory.rsplit_once('-')
    }

    fn is_of_others(&self) -> bool {
        self.path.starts_with("/rustc/")
            || self.path.contains("/lib/rustlib/src/")
            // Valgrind's own `memcmp`.
            || self.path.ends_with("vg_replace_strmem.c")
            || self.registry_crate().is_some_and(|(name, _)| GLUE.contains(&name))
    }

    pub(crate) fn is_line(&self, shown: &Shown) -> bool {
        let is_text = match shown.text.strip_prefix("fn ") {
            Some(function) => self.line == 0 && self.function.rsplit("::").next() == Some(function),
            None => self.source().is_some_and(|line| line.contains(shown.text)),
        };
        self.path.ends_with(shown.file) && is_text
    }

    /// The line's text.
    pub(crate) fn source(&self) -> Option<String> {
        let text = fs::read_to_string(&self.path).ok()?;
        text.lines().nth(self.line.checked_sub(1)?).map(|line| line.trim().into())
    }

    pub(crate) fn show(&self) -> String {
        let path = match self.path.split_once("/registry/src/") {
            Some((_, rest)) => rest.split_once('/').map_or(rest, |(_, rest)| rest),
            None => &self.path,
        };
        format!("{} ({path}:{})", self.function, self.line)
    }
}

impl Report {
    /// Whose code it is about.
    pub(crate) fn place(&self) -> Option<&Place> {
        self.calls.iter().find(|place| !place.is_of_others())
    }

    /// All reports of a log.
    pub(crate) fn read_all(log: &[String]) -> Vec<Self> {
        let mut reports = Vec::<Self>::new();
        for line in log {
            let Some(text) = line.strip_prefix("==").and_then(|line| line.split_once("== ")) else {
                continue;
            };
            let text = text.1.trim();
            let call = text
                .strip_prefix("at 0x")
                .or_else(|| text.strip_prefix("by 0x"))
                .and_then(|call| call.split_once(": "));
            match (call, reports.last_mut()) {
                (Some((_, call)), Some(report)) => report.calls.extend(Place::read(call)),
                // Said once more than a hundred reports have come.
                _ if text.is_empty()
                    || text.starts_with("More than ")
                    || text.starts_with("will still ") => {}
                _ => reports.push(Self { what: text.into(), calls: Vec::new() }),
            }
        }
        reports
    }
}
