//! Whole messages over a TCP connection.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use iso8583_wire::frame::{Deframed, FrameError, Framing};

/// No message of this system is longer.
const MAX_MESSAGE: u16 = 2_048;

/// The framing of this system: a two-byte length, and a limit.
const FRAMING: Framing = Framing::BINARY_2.with_max(MAX_MESSAGE);

/// A peer that takes nothing for so long is given up.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection that carries one message after another.
#[derive(Debug)]
pub(crate) struct Link {
    stream: TcpStream,
    /// Received and not yet handed out.
    received: Vec<u8>,
}

impl Link {
    pub(crate) fn connect(address: SocketAddr, timeout: Duration) -> io::Result<Self> {
        Self::over(TcpStream::connect_timeout(&address, timeout)?)
    }

    pub(crate) fn over(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
        Ok(Self { stream, received: Vec::new() })
    }

    pub(crate) fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let mut frame = FRAMING.header(message.len()).map_err(invalid)?.to_vec();
        frame.extend_from_slice(message);
        self.stream.write_all(&frame)
    }

    /// The next message; `None` where the peer has closed the connection between two messages.
    ///
    /// `ErrorKind::TimedOut` where none is complete after `timeout`.
    pub(crate) fn receive(&mut self, timeout: Duration) -> io::Result<Option<Vec<u8>>> {
        let deadline = Instant::now().checked_add(timeout);
        let mut chunk = [0; 1_024];
        loop {
            if let Deframed::Frame { message, consumed } =
                FRAMING.deframe(&self.received).map_err(invalid)?
            {
                let message = message.to_vec();
                self.received.drain(..consumed);
                return Ok(Some(message));
            }
            let left = deadline.map(|end| end.saturating_duration_since(Instant::now()));
            match left {
                Some(Duration::ZERO) => return Err(ErrorKind::TimedOut.into()),
                left => self.stream.set_read_timeout(left)?,
            }
            match self.stream.read(&mut chunk) {
                Ok(0) if self.received.is_empty() => return Ok(None),
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    self.received.extend_from_slice(chunk.get(..count).unwrap_or_default());
                }
                // The name of a read time-out differs between systems.
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

fn invalid(error: FrameError) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}
