//! A loopback port whose connections are handed on.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long to wait after an error that may come again at once, such as too many open files.
const AFTER_ERROR: Duration = Duration::from_millis(50);

/// Says whether the acceptor is to stop; for the threads that serve its connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stopping(Arc<AtomicBool>);

impl Stopping {
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A listening port; stopped when it is dropped.
pub(crate) struct Acceptor {
    address: SocketAddr,
    stopping: Stopping,
    thread: Option<JoinHandle<()>>,
}

impl Acceptor {
    /// Listens on a loopback port (0 takes a free one) and hands each connection, or the error in its place, to `take`.
    ///
    /// `take` must not wait for the connection's end.
    pub(crate) fn start(
        port: u16,
        mut take: impl FnMut(io::Result<TcpStream>, &Stopping) + Send + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let stopping = Stopping::default();
        let thread = thread::Builder::new().spawn({
            let stopping = stopping.clone();
            move || {
                for stream in listener.incoming() {
                    if stopping.is_wanted() {
                        break;
                    }
                    if stream.is_err() {
                        thread::sleep(AFTER_ERROR);
                    }
                    take(stream, &stopping);
                }
            }
        })?;
        Ok(Self { address, stopping, thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the end, which is an error: nothing but dropping stops an acceptor.
    pub(crate) fn wait(mut self) -> io::Error {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        io::Error::other("the port is no longer listened to")
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        self.stopping.0.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Wakes the listener, which then sees that it is to stop.
            let _ = TcpStream::connect(self.address);
            let _ = thread.join();
        }
    }
}
