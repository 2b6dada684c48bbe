//! Whole messages over a TCP connection, each behind its length and its TPDU.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use iso8583_wire::frame::{Deframed, Framing};
use iso8583_wire::header::Tpdu;
use zeroize::Zeroizing;

/// The framing of this system: a two-byte length, and a limit for TPDU and message.
const FRAMING: Framing = Framing::BINARY_2.with_max(2_048);

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

/// A message, and where it comes from and goes to.
pub(crate) struct Received {
    pub(crate) tpdu: Tpdu,
    pub(crate) message: Zeroizing<Vec<u8>>,
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

    pub(crate) fn send(&mut self, tpdu: Tpdu, message: &[u8]) -> io::Result<()> {
        let length = message.len().saturating_add(Tpdu::LEN);
        let length = FRAMING.header(length).map_err(invalid)?;
        let frame = Zeroizing::new([&*length, tpdu.as_bytes(), message].concat());
        self.stream.write_all(&frame)
    }

    /// The next message; `None` where the peer has closed the connection between two messages.
    ///
    /// `ErrorKind::TimedOut` where none is complete after `timeout`.
    pub(crate) fn receive(&mut self, timeout: Duration) -> io::Result<Option<Received>> {
        let started = Instant::now();
        let mut chunk = Zeroizing::new([0; 1_024]);
        loop {
            if let Deframed::Frame { message, consumed } =
                FRAMING.deframe(&self.received).map_err(invalid)?
            {
                let (tpdu, message) = Tpdu::parse(message).map_err(invalid)?;
                let message = Zeroizing::new(message.to_vec());
                self.received.drain(..consumed);
                return Ok(Some(Received { tpdu, message }));
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

fn invalid(error: impl core::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}
