//! Messages to a thousand connections in one room, compared with a program that only writes.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::wire::Error;

/// Connections that receive each message.
const RECEIVERS: usize = 1_000;
/// Messages of one measurement.
const MESSAGES: usize = 800;
/// The text of a message in an unmasked frame on the plain wire, after a name of 13 letters: 119 bytes with the header.
const FRAME_BYTES: usize = 2 + 13 + " :: ".len() + TEXT_BYTES;
const TEXT_BYTES: usize = 100;

/// The number of bytes that all receivers have received.
#[derive(Default)]
struct Received {
    bytes: AtomicUsize,
    more: Notify,
}

impl Received {
    /// Reads the stream to its end and counts its bytes.
    async fn count(self: Arc<Self>, mut stream: TcpStream) {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            self.bytes.fetch_add(count, Ordering::Relaxed);
            self.more.notify_one();
        }
    }

    /// Waits until this number of bytes has arrived.
    async fn reach(&self, bytes: usize) {
        while self.bytes.load(Ordering::Relaxed) < bytes {
            self.more.notified().await;
        }
    }
}

/// Processor time per delivery of a server, with bursts of `burst` messages.
///
/// # Errors
/// If a connection cannot be opened or is lost.
pub(crate) async fn of_server(
    address: &str,
    burst: usize,
    processor_time: impl Fn() -> Result<Duration, Error>,
) -> Result<Duration, Error> {
    let received = Arc::new(Received::default());
    let mut sender = joined(address).await?;
    for _ in 0..RECEIVERS {
        tokio::spawn(Arc::clone(&received).count(joined(address).await?));
    }
    settled(&received).await;
    let (begun, before) = (processor_time()?, received.bytes.load(Ordering::Relaxed));
    let frames = masked_frame().repeat(burst);
    for round in 1..=MESSAGES / burst {
        sender.write_all(&frames).await?;
        received.reach(before + round * burst * RECEIVERS * FRAME_BYTES).await;
    }
    Ok((processor_time()? - begun) / u32::try_from(MESSAGES * RECEIVERS)?)
}

/// Processor time per delivery of a thread that writes the frames of each burst with one call per connection.
///
/// # Errors
/// If a connection cannot be opened or is lost.
pub(crate) async fn of_bare_writer(burst: usize) -> Result<Duration, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let received = Arc::new(Received::default());
    let mut streams = Vec::new();
    for _ in 0..RECEIVERS {
        let receiver = TcpStream::connect(listener.local_addr()?).await?;
        tokio::spawn(Arc::clone(&received).count(receiver));
        let stream = listener.accept().await?.0.into_std()?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(false)?;
        streams.push(stream);
    }
    let (start, started) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || -> Result<Duration, std::io::Error> {
        let frames = vec![b'x'; FRAME_BYTES * burst];
        let begun = clock_gettime(ClockId::ThreadCPUTime);
        while started.recv().is_ok() {
            for stream in &mut streams {
                stream.write_all(&frames)?;
            }
        }
        let ended = clock_gettime(ClockId::ThreadCPUTime);
        Ok(Duration::try_from(ended - begun).unwrap_or_default())
    });
    for round in 1..=MESSAGES / burst {
        start.send(())?;
        received.reach(round * burst * RECEIVERS * FRAME_BYTES).await;
    }
    drop(start);
    let used = writer.join().map_err(|_| "the writer has panicked")??;
    Ok(used / u32::try_from(MESSAGES * RECEIVERS)?)
}

/// Opens a connection on the plain wire and enters the room.
async fn joined(address: &str) -> Result<TcpStream, Error> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET /chat/fan HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    // The first frame confirms that the connection is in the room.
    stream.read_u8().await?;
    Ok(stream)
}

/// Waits until no more notices of presence arrive.
async fn settled(received: &Received) {
    loop {
        let before = received.bytes.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(2)).await;
        if received.bytes.load(Ordering::Relaxed) == before {
            return;
        }
    }
}

/// Returns a text frame of a client; its mask is zero.
fn masked_frame() -> Vec<u8> {
    let mut frame = vec![0x81, 0x80 | TEXT_BYTES as u8, 0, 0, 0, 0];
    frame.extend([b'x'; TEXT_BYTES]);
    frame
}
