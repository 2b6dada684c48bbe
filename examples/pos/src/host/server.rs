//! The host on a TCP port.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{Answer, Host};
use crate::acceptor::{Acceptor, Stopping};
use crate::clock::Moment;
use crate::link::Link;

/// Where the host says what it did; lines hold no card data.
pub(crate) type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// More connections at a time are closed at once.
const MAX_CONNECTIONS: usize = 64;

/// How often an idle connection looks whether the server is stopping.
const STOP_INTERVAL: Duration = Duration::from_millis(200);

/// A running server; stopped when it is dropped.
pub(crate) struct Server {
    acceptor: Acceptor,
}

/// A place among the open connections; given back when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(open: &Arc<AtomicUsize>) -> Option<Self> {
        let before = open.fetch_add(1, Ordering::Relaxed);
        let place = Self(Arc::clone(open));
        (before < MAX_CONNECTIONS).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The threads that serve connections; waited for when they are dropped.
#[derive(Default)]
struct Connections(Vec<JoinHandle<()>>);

impl Drop for Connections {
    fn drop(&mut self) {
        for connection in self.0.drain(..) {
            let _ = connection.join();
        }
    }
}

impl Server {
    /// Listens on a loopback port (0 takes a free one) and answers until it is dropped.
    ///
    /// A connection on which nothing is answered for `idle` is closed: what is refused keeps none open.
    pub(crate) fn start(host: Arc<Host>, port: u16, idle: Duration, log: Log) -> io::Result<Self> {
        let open = Arc::new(AtomicUsize::new(0));
        let mut connections = Connections::default();
        let acceptor = Acceptor::start(port, move |stream, stopping| {
            connections.0.retain(|connection| !connection.is_finished());
            let (host, stopping, own_log) = (Arc::clone(&host), stopping.clone(), Arc::clone(&log));
            let started = stream.and_then(|stream| {
                let place = Place::take(&open)
                    .ok_or_else(|| io::Error::other("too many connections are open"))?;
                thread::Builder::new().spawn(move || {
                    let _place = place;
                    if let Err(error) = serve(&host, stream, idle, &own_log, &stopping) {
                        own_log(&format!("connection closed: {error}"));
                    }
                })
            });
            match started {
                Ok(connection) => connections.0.push(connection),
                Err(error) => log(&format!("connection not taken: {error}")),
            }
        })?;
        Ok(Self { acceptor })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.acceptor.address()
    }

    /// Waits until the server ends, which is an error.
    pub(crate) fn wait(self) -> io::Error {
        self.acceptor.wait()
    }
}

fn serve(
    host: &Host,
    stream: TcpStream,
    idle: Duration,
    log: &Log,
    stopping: &Stopping,
) -> io::Result<()> {
    let mut link = Link::over(stream)?;
    let mut last_answer = Instant::now();
    while !stopping.is_wanted() && last_answer.elapsed() < idle {
        match link.receive(STOP_INTERVAL.min(idle)) {
            Ok(None) => break,
            Ok(Some(request)) => match host.handle(&request.message, Moment::now()) {
                Ok(Answer::Reply(answer)) => {
                    link.send(request.tpdu.reply(), &answer)?;
                    last_answer = Instant::now();
                }
                Ok(Answer::Silence(refusal)) => log(&format!("not answered: {refusal}")),
                // Nothing was committed, so nothing may be told.
                Err(error) => log(&format!("not answered: {error}")),
            },
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
