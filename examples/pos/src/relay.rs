//! A line that fails on demand, between terminal and host.

use std::collections::VecDeque;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use iso8583_wire::MessageRef;
use iso8583_wire::dialect::POS_DEMO;

use crate::acceptor::Acceptor;
use crate::fields;
use crate::link::{Link, Received};

/// What happens to one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing: the line is good.
    None,
    /// The lowest bit of the request's amount is flipped on its way to the host.
    FlipAmountBit,
    /// The request does not arrive.
    LoseRequest,
    /// The request arrives twice, and the first answer is passed on.
    DoubleRequest,
    /// The host's answer does not arrive.
    LoseReply,
}

/// Faults for the exchanges to come, the next one first; when it is empty the line is good.
#[derive(Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<VecDeque<Fault>>>);

impl Faults {
    /// Forgets what was planned and plans these.
    pub(crate) fn plan(&self, faults: &[Fault]) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = faults.iter().copied().collect();
    }

    fn next(&self) -> Fault {
        let mut planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        planned.pop_front().unwrap_or(Fault::None)
    }
}

/// Longer than either end waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running relay; stopped when it is dropped.
pub(crate) struct Relay {
    acceptor: Acceptor,
}

impl Relay {
    /// Listens on a free loopback port and passes what comes on to `host`.
    pub(crate) fn start(host: SocketAddr, faults: Faults) -> io::Result<Self> {
        let acceptor = Acceptor::start(0, move |stream, _| {
            let faults = faults.clone();
            // A connection that breaks ends as a real line would: in silence.
            let _ = stream.and_then(|stream| {
                thread::Builder::new().spawn(move || pass_on(stream, host, &faults))
            });
        })?;
        Ok(Self { acceptor })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.acceptor.address()
    }
}

fn pass_on(stream: TcpStream, host: SocketAddr, faults: &Faults) -> io::Result<()> {
    let mut terminal = Link::over(stream)?;
    let mut host = Link::connect(host, PATIENCE)?;
    while let Some(Received { tpdu, message: mut request }) = terminal.receive(PATIENCE)? {
        let fault = faults.next();
        match fault {
            Fault::LoseRequest => continue,
            Fault::FlipAmountBit => flip_amount_bit(&mut request),
            Fault::DoubleRequest => host.send(tpdu, &request)?,
            Fault::None | Fault::LoseReply => {}
        }
        host.send(tpdu, &request)?;
        let Some(answer) = host.receive(PATIENCE)? else { break };
        if fault != Fault::LoseReply {
            terminal.send(answer.tpdu, &answer.message)?;
        }
        if fault == Fault::DoubleRequest {
            host.receive(PATIENCE)?;
        }
    }
    Ok(())
}

/// Flips the lowest bit of field 4, which leaves a message that still reads well.
fn flip_amount_bit(request: &mut [u8]) {
    let Ok(message) = MessageRef::parse(&POS_DEMO, request) else { return };
    // What stands behind the amount, counted from the end.
    let behind = message
        .iter()
        .filter(|field| field.number() > fields::AMOUNT)
        .fold(0_usize, |sum, field| sum.saturating_add(field.wire().len()));
    if let Some(byte) = request.iter_mut().rev().nth(behind) {
        *byte ^= 1;
    }
}
