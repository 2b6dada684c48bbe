//! The host on a TCP port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::{Answer, Host};
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
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a loopback port (0 takes a free one) and answers until it is dropped.
    ///
    /// A connection that says nothing for `idle` is closed.
    pub(crate) fn start(host: Arc<Host>, port: u16, idle: Duration, log: Log) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let stopping = Arc::new(AtomicBool::new(false));
        let acceptor = thread::spawn({
            let stopping = Arc::clone(&stopping);
            move || accept(&listener, &host, idle, &log, &stopping)
        });
        Ok(Self { address, stopping, acceptor: Some(acceptor) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the server ends, which it does only when the process does.
    pub(crate) fn wait(mut self) {
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // Wakes the listener, which then sees that it is to stop.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

fn accept(
    listener: &TcpListener,
    host: &Arc<Host>,
    idle: Duration,
    log: &Log,
    stopping: &Arc<AtomicBool>,
) {
    let open = Arc::new(AtomicUsize::new(0));
    let mut connections: Vec<JoinHandle<()>> = Vec::new();
    for stream in listener.incoming() {
        if stopping.load(Ordering::Relaxed) {
            break;
        }
        connections.retain(|connection| !connection.is_finished());
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => {
                log(&format!("connection not accepted: {error}"));
                continue;
            }
        };
        if open.load(Ordering::Relaxed) >= MAX_CONNECTIONS {
            log("connection closed: too many are open");
            continue;
        }
        open.fetch_add(1, Ordering::Relaxed);
        let (host, log) = (Arc::clone(host), Arc::clone(log));
        let (open, stopping) = (Arc::clone(&open), Arc::clone(stopping));
        connections.push(thread::spawn(move || {
            if let Err(error) = serve(&host, stream, idle, &log, &stopping) {
                log(&format!("connection closed: {error}"));
            }
            open.fetch_sub(1, Ordering::Relaxed);
        }));
    }
    for connection in connections {
        let _ = connection.join();
    }
}

fn serve(
    host: &Host,
    stream: TcpStream,
    idle: Duration,
    log: &Log,
    stopping: &AtomicBool,
) -> io::Result<()> {
    let mut link = Link::over(stream)?;
    let mut silent = Duration::ZERO;
    while !stopping.load(Ordering::Relaxed) && silent < idle {
        let interval = STOP_INTERVAL.min(idle.saturating_sub(silent));
        match link.receive(interval) {
            Ok(None) => break,
            Ok(Some(request)) => {
                silent = Duration::ZERO;
                match host.handle(&request, Moment::now()) {
                    Ok(Answer::Reply(answer)) => link.send(&answer)?,
                    Ok(Answer::Silence(refusal)) => log(&format!("not answered: {refusal}")),
                    // Nothing was committed, so nothing may be told.
                    Err(error) => log(&format!("not answered: {error}")),
                }
            }
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                silent = silent.saturating_add(interval);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
