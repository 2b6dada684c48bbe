//! A purchase from the first byte sent to a known outcome.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rand_core::TryCryptoRng;

use super::receipt::Receipt;
use super::{Doubt, Outgoing, Reply, Sale, Terminal};
use crate::card::hex_text;
use crate::clock::Moment;
use crate::error::Error;
use crate::link::Link;
use crate::test_data;

/// How the terminal reaches the host, and how long it waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) host: SocketAddr,
    /// From the first byte sent to the last byte received.
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
    /// Its outcome was not known, so it was taken back; the host answered the reversal with this code.
    Reversed {
        doubt: Doubt,
        response_code: String,
    },
    /// The host does not answer the reversal either: it is sent before the next purchase.
    Open {
        doubt: Doubt,
    },
}

/// How often a reversal is sent, the same bytes.
const REVERSAL_TRIES: u32 = 3;

/// Makes a purchase; before it, reverses what an earlier one left open.
///
/// `None` where that is still not possible: nothing is then begun.
pub(crate) fn run<R: TryCryptoRng>(
    terminal: &mut Terminal,
    line: &Line,
    sale: &Sale<'_>,
    rng: &mut R,
) -> Result<Option<Outcome>, Error> {
    if terminal.pending()?.is_some() && reverse(terminal, line, Doubt::NoReply)?.is_none() {
        return Ok(None);
    }
    let now = Moment::now();
    let request = terminal.purchase(sale, now, rng)?;
    let mut doubt = Doubt::NoReply;
    for repeats in 0..=line.repeats {
        match exchange(line, &request) {
            Ok(reply) if reply.response_code == "00" => {
                let receipt = receipt(sale, &request, &reply, now)?;
                terminal.settle(Some(&receipt))?;
                return Ok(Some(Outcome::Approved { reply, receipt: Box::new(receipt), repeats }));
            }
            Ok(reply) => {
                terminal.settle(None)?;
                return Ok(Some(Outcome::Declined { reply }));
            }
            Err(found) => doubt = found,
        }
    }
    Ok(Some(match reverse(terminal, line, doubt)? {
        Some(response_code) => Outcome::Reversed { doubt, response_code },
        None => Outcome::Open { doubt },
    }))
}

/// Reverses the pending purchase; gives the host's code, or `None` where it stays pending.
fn reverse(terminal: &mut Terminal, line: &Line, doubt: Doubt) -> Result<Option<String>, Error> {
    let Some(pending) = terminal.pending()? else { return Ok(None) };
    let reversal = terminal.reversal(&pending, doubt, Moment::now())?;
    for _ in 0..REVERSAL_TRIES {
        if let Ok(reply) = exchange(line, &reversal)
            && matches!(reply.response_code.as_str(), "00" | "12" | "25")
        {
            terminal.settle(None)?;
            return Ok(Some(reply.response_code));
        }
    }
    Ok(None)
}

/// Sends a message on a connection of its own, so that a late answer to another is never read.
fn exchange(line: &Line, outgoing: &Outgoing) -> Result<Reply, Doubt> {
    let answer = || -> io::Result<Option<Vec<u8>>> {
        let mut link = Link::connect(line.host, line.timeout)?;
        link.send(outgoing.bytes())?;
        link.receive(line.timeout)
    };
    match answer() {
        Ok(Some(answer)) => outgoing.read(&answer),
        Ok(None) | Err(_) => Err(Doubt::NoReply),
    }
}

fn receipt(
    sale: &Sale<'_>,
    request: &Outgoing,
    reply: &Reply,
    now: Moment,
) -> Result<Receipt, Error> {
    Ok(Receipt {
        merchant_id: test_data::MERCHANT_ID.into(),
        terminal_id: test_data::TERMINAL_ID.into(),
        time: now.readable(),
        card: sale.card.name().into(),
        masked_pan: sale.card.pan()?.to_string(),
        application: hex_text(sale.card.application()?),
        amount: sale.amount,
        stan: request.stan(),
        reference: reply.reference.clone(),
        authorization: reply.authorization.clone(),
    })
}
