//! Whole messages over a TCP connection.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use iso8583_wire::frame::{Deframed, FrameError, Framing};
use zeroize::Zeroizing;

/// No message of this system is longer.
const MAX_MESSAGE: u32 = 2_048;

/// The framing of this system: a two-byte length, and a limit.
const FRAMING: Framing = Framing::BINARY_2.with_max(MAX_MESSAGE);

/// Received bytes that wait for more: never grown, so that wiping it wipes all.
const BUFFER: usize = 4_096;

/// A peer that takes nothing for so long is given up.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection that carries one message after another.
///
/// Messages hold card data and enciphered PINs; what it keeps of them is wiped.
pub(crate) struct Link {
    stream: TcpStream,
    /// Received and not yet handed out.
    received: Zeroizing<Vec<u8>>,
}

impl Link {
    /// `timeout` is for the connection, and for each message that is sent.
    pub(crate) fn connect(address: SocketAddr, timeout: Duration) -> io::Result<Self> {
        let link = Self::over(TcpStream::connect_timeout(&address, timeout)?)?;
        link.stream.set_write_timeout(Some(timeout))?;
        Ok(link)
    }

    pub(crate) fn over(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
        Ok(Self { stream, received: Zeroizing::new(Vec::with_capacity(BUFFER)) })
    }

    pub(crate) fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let header = FRAMING.header(message.len()).map_err(invalid)?;
        let frame = Zeroizing::new([&*header, message].concat());
        self.stream.write_all(&frame)
    }

    /// The next message; `None` where the peer has closed the connection between two messages.
    ///
    /// `ErrorKind::TimedOut` where none is complete after `timeout`.
    pub(crate) fn receive(&mut self, timeout: Duration) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let started = Instant::now();
        let mut chunk = Zeroizing::new([0; 1_024]);
        loop {
            if let Deframed::Frame { message, consumed } =
                FRAMING.deframe(&self.received).map_err(invalid)?
            {
                let message = Zeroizing::new(message.to_vec());
                self.received.drain(..consumed);
                return Ok(Some(message));
            }
            let left = timeout.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(chunk.as_mut()) {
                Ok(0) if self.received.is_empty() => return Ok(None),
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                // An incomplete frame and one chunk fit the buffer.
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
