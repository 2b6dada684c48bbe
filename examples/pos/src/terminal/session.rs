//! A purchase from the first byte sent to a known outcome.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use iso8583_wire::matcher::{Matcher, Slot};
use rand_core::TryCryptoRng;

use super::receipt::Receipt;
use super::{Doubt, Outgoing, Reply, Sale, Terminal};
use crate::clock::Moment;
use crate::error::Error;
use crate::link::Link;
use crate::test_data;

/// How the terminal reaches the host, and how long it waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) host: SocketAddr,
    /// From the attempt to connect to the last byte of the answer.
    pub(crate) timeout: Duration,
    /// How often a purchase without an answer is sent again, the same bytes, before it is reversed.
    pub(crate) repeats: u32,
}

/// How a purchase ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Approved {
        reply: Reply,
        receipt: Box<Receipt>,
        repeats: u32,
    },
    Declined {
        reply: Reply,
    },
    /// Its outcome is not known, and this is what came of taking it back.
    Doubtful {
        doubt: Doubt,
        reversal: Reversal,
    },
}

/// What came of a reversal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reversal {
    /// The host has done it, or has nothing to reverse (25).
    Done(String),
    /// The host will not, by this code: somebody has to settle it by hand.
    Refused(String),
    /// The host does not answer: it is tried again before the next purchase.
    Unanswered,
}

/// How often a reversal is sent, the same bytes.
const REVERSAL_TRIES: u32 = 3;

/// Makes a purchase; one that is still open has to be reversed first, by [`settle_earlier`].
pub(crate) fn purchase<R: TryCryptoRng>(
    terminal: &mut Terminal,
    line: &Line,
    sale: &Sale<'_>,
    rng: &mut R,
) -> Result<Outcome, Error> {
    let now = Moment::now();
    let request = terminal.purchase(sale, now, rng)?;
    let mut doubt = Doubt::NoReply;
    for repeats in 0..=line.repeats {
        match exchange(line, &request)? {
            Ok(reply) if reply.response_code == "00" => {
                let receipt = receipt(sale, &request, &reply, now);
                terminal.settle(Some(&receipt))?;
                return Ok(Outcome::Approved { reply, receipt: Box::new(receipt), repeats });
            }
            Ok(reply) => {
                terminal.settle(None)?;
                return Ok(Outcome::Declined { reply });
            }
            Err(found) => doubt = found,
        }
    }
    let reversal = reverse(terminal, line, doubt)?.unwrap_or(Reversal::Unanswered);
    Ok(Outcome::Doubtful { doubt, reversal })
}

/// Reverses what an earlier purchase left open; `None` where nothing is.
pub(crate) fn settle_earlier(
    terminal: &mut Terminal,
    line: &Line,
) -> Result<Option<Reversal>, Error> {
    reverse(terminal, line, Doubt::NoReply)
}

fn reverse(terminal: &mut Terminal, line: &Line, doubt: Doubt) -> Result<Option<Reversal>, Error> {
    let Some(pending) = terminal.pending()? else { return Ok(None) };
    let reversal = terminal.reversal(&pending, doubt, Moment::now())?;
    for _ in 0..REVERSAL_TRIES {
        let Ok(reply) = exchange(line, &reversal)? else { continue };
        if matches!(reply.response_code.as_str(), "00" | "12" | "25") {
            terminal.settle(None)?;
            return Ok(Some(Reversal::Done(reply.response_code)));
        }
        return Ok(Some(Reversal::Refused(reply.response_code)));
    }
    Ok(Some(Reversal::Unanswered))
}

/// Sends a message on a connection of its own, and waits for the answer to it.
fn exchange(line: &Line, outgoing: &Outgoing) -> Result<Result<Reply, Doubt>, Error> {
    let started = Instant::now();
    let mut slots = [Slot::EMPTY; 1];
    let mut matcher = Matcher::new(&mut slots, Outgoing::KEYS, line.timeout);
    matcher.sent(&outgoing.message()?, Duration::ZERO, ())?;
    let mut answer = || -> io::Result<_> {
        let mut link = Link::connect(line.host, line.timeout)?;
        link.send(test_data::TPDU, outgoing.bytes())?;
        while matcher.expired(started.elapsed()).is_none() {
            let left = line.timeout.saturating_sub(started.elapsed());
            let Some(answer) = link.receive(left)? else { break };
            match outgoing.read(&answer.message, &mut matcher, started.elapsed()) {
                Ok(None) => {}
                Ok(Some(reply)) => return Ok(Ok(reply)),
                Err(doubt) => return Ok(Err(doubt)),
            }
        }
        Ok(Err(Doubt::NoReply))
    };
    Ok(answer().unwrap_or(Err(Doubt::NoReply)))
}

fn receipt(sale: &Sale<'_>, request: &Outgoing, reply: &Reply, now: Moment) -> Receipt {
    Receipt {
        merchant_id: test_data::MERCHANT_ID.into(),
        terminal_id: test_data::TERMINAL_ID.into(),
        time: now.readable(),
        card: sale.card.name().into(),
        masked_pan: sale.card.pan().to_string(),
        application: sale.card.application().into(),
        amount: sale.amount,
        stan: format!("{:06}", request.stan()),
        reference: reply.reference.clone(),
        authorization: reply.authorization.clone(),
    }
}
