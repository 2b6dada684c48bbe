//! What the program tells: lines for people, or the same as JSON lines.

use std::io::{self, Write};

use serde::Serialize;

use crate::terminal::receipt::{Receipt, money};
use crate::terminal::session::{Outcome, Reversal};

/// How lines are written to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

/// One thing that was done and how it came out.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Event<'a> {
    pub(crate) step: &'a str,
    pub(crate) outcome: String,
    /// Minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) receipt: Option<Receipt>,
}

impl<'a> Event<'a> {
    /// The event of a purchase that came to an end.
    pub(crate) fn of(step: &'a str, amount: u64, outcome: &Outcome) -> Self {
        let event = Self { step, amount: Some(amount), ..Self::default() };
        match outcome {
            Outcome::Approved { reply, receipt, repeats } => Self {
                outcome: "approved".into(),
                response_code: Some(reply.response_code.clone()),
                reference: Some(reply.reference.clone()),
                authorization: Some(reply.authorization.clone()),
                detail: (*repeats > 0).then(|| format!("sent {} times", repeats.saturating_add(1))),
                receipt: Some(Receipt::clone(receipt)),
                ..event
            },
            Outcome::Declined { reply } => Self {
                outcome: "declined".into(),
                response_code: Some(reply.response_code.clone()),
                reference: Some(reply.reference.clone()),
                ..event
            },
            Outcome::Doubtful { doubt, reversal } => event
                .with_detail(&format!("{} to the purchase", doubt.as_str()))
                .with_reversal(reversal),
        }
    }

    /// The same event, whose outcome is what came of a reversal.
    pub(crate) fn with_reversal(self, reversal: &Reversal) -> Self {
        let (outcome, code, text) = match reversal {
            Reversal::Done(code) => ("reversed", Some(code), None),
            Reversal::Refused(code) => {
                ("open", Some(code), Some("the host refuses the reversal; to be settled by hand"))
            }
            Reversal::Unanswered => ("open", None, Some("to be reversed before the next purchase")),
        };
        let event = Self { outcome: outcome.into(), response_code: code.cloned(), ..self };
        match text {
            Some(text) => event.with_detail(text),
            None => event,
        }
    }

    /// The same event with something to add in words.
    pub(crate) fn with_detail(mut self, text: &str) -> Self {
        self.detail = Some(match self.detail {
            Some(detail) => format!("{detail}; {text}"),
            None => text.to_owned(),
        });
        self
    }
}

impl Format {
    /// Writes one event, its receipt last.
    pub(crate) fn tell(self, event: &Event<'_>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self {
            Self::Json => {
                serde_json::to_writer(&mut out, event)?;
                writeln!(out)?;
            }
            Self::Text => {
                write!(out, "{:<18} {}", event.step, event.outcome)?;
                if let Some(code) = &event.response_code {
                    write!(out, " {code}")?;
                }
                if let Some(amount) = event.amount {
                    write!(out, ", EUR {}", money(amount))?;
                }
                if let Some(authorization) = &event.authorization {
                    write!(out, ", approval {authorization}")?;
                }
                if let Some(detail) = &event.detail {
                    write!(out, ", {detail}")?;
                }
                writeln!(out)?;
                if let Some(receipt) = &event.receipt {
                    writeln!(out, "\n{receipt}\n")?;
                }
            }
        }
        out.flush()
    }
}
