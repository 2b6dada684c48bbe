//! A line that fails on demand, between terminal and host.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use iso8583_wire::MessageRef;
use iso8583_wire::dialect::POS_DEMO;

use crate::fields;
use crate::link::Link;

/// What happens to one exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The lowest bit of the request's amount is flipped on its way to the host.
    FlipAmountBit,
    /// The host's answer does not arrive.
    LoseReply,
}

/// Faults for the exchanges to come, the next one first; when it is empty the line is good.
pub(crate) type Faults = Arc<Mutex<VecDeque<Fault>>>;

/// Longer than either end waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running relay; stopped when it is dropped.
pub(crate) struct Relay {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Relay {
    /// Listens on a free loopback port and passes what comes on to `host`.
    pub(crate) fn start(host: SocketAddr, faults: Faults) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let stopping = Arc::new(AtomicBool::new(false));
        let acceptor = thread::spawn({
            let stopping = Arc::clone(&stopping);
            move || {
                for stream in listener.incoming().flatten() {
                    if stopping.load(Ordering::Relaxed) {
                        break;
                    }
                    let faults = Arc::clone(&faults);
                    // A connection that breaks ends as a real line would: in silence.
                    thread::spawn(move || pass_on(stream, host, &faults));
                }
            }
        });
        Ok(Self { address, stopping, acceptor: Some(acceptor) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

fn pass_on(stream: TcpStream, host: SocketAddr, faults: &Faults) -> io::Result<()> {
    let mut terminal = Link::over(stream)?;
    let mut host = Link::connect(host, PATIENCE)?;
    while let Some(mut request) = terminal.receive(PATIENCE)? {
        let fault = faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        if matches!(fault, Some(Fault::FlipAmountBit)) {
            flip_amount_bit(&mut request);
        }
        host.send(&request)?;
        let Some(answer) = host.receive(PATIENCE)? else { break };
        if !matches!(fault, Some(Fault::LoseReply)) {
            terminal.send(&answer)?;
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
