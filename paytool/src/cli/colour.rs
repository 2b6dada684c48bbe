//! Colours for people, and none for programs.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use super::printed;
use crate::failure::Failure;

/// Whether what is printed has colours.
#[derive(clap::Args, Clone, Copy)]
pub(super) struct Colour {
    /// Colours: unless told otherwise, on a terminal where NO_COLOR is not set
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    color: clap::ColorChoice,
}

impl Colour {
    /// Prints lines; the last of them is ended here.
    pub(super) fn lines(self, text: &str) -> Result<(), Failure> {
        let choice = match self.color {
            clap::ColorChoice::Auto => ColorChoice::Auto,
            clap::ColorChoice::Always => ColorChoice::AlwaysAnsi,
            clap::ColorChoice::Never => ColorChoice::Never,
        };
        let mut out = AutoStream::new(io::stdout().lock(), choice);
        printed(writeln!(out, "{text}").and_then(|()| out.flush()))
    }
}

/// What each part of a line looks like.
pub(super) mod paint {
    use core::fmt::{self, Display};

    use anstyle::{AnsiColor, Style};

    /// Text between the codes of a style, taken out again where there are no colours.
    struct Painted<T>(Style, T);

    impl<T: Display> Display for Painted<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let Self(style, text) = self;
            write!(f, "{style}{text}{style:#}")
        }
    }

    /// A tag, or a path of them.
    pub(in crate::cli) fn tag(text: impl Display) -> impl Display {
        Painted(AnsiColor::Cyan.on_default().bold(), text)
    }

    pub(in crate::cli) fn value(text: impl Display) -> impl Display {
        Painted(AnsiColor::Green.on_default(), text)
    }

    /// A length that stands for a value.
    pub(in crate::cli) fn masked(text: impl Display) -> impl Display {
        Painted(Style::new().dimmed(), text)
    }

    /// What is only in the first of two.
    pub(in crate::cli) fn removed(text: impl Display) -> impl Display {
        Painted(AnsiColor::Red.on_default(), text)
    }

    /// What is only in the second of two.
    pub(in crate::cli) fn added(text: impl Display) -> impl Display {
        Painted(AnsiColor::Green.on_default(), text)
    }
}
