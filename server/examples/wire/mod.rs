//! The native wire from the side of a program that talks fast.

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::{Answer, ClientFrame, ClientId, Command, RequestId, SUBPROTOCOL, ServerFrame};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// Whatever may go wrong.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// A connection.
pub(crate) type Socket = WebSocketStream<TcpStream>;

/// Posts that a connection has under way at once, as a client with a full outbox has.
const WINDOW: usize = 32;

/// Connects to the server at `address` (`host:port`), as a guest of its own.
pub(crate) async fn connect(address: &str) -> Result<Socket, Error> {
    let mut request = format!("ws://{address}/api/v1/socket").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", SUBPROTOCOL.parse()?);
    let config = WebSocketConfig::default().read_buffer_size(4096);
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(client_async_with_config(request, stream, Some(config)).await?.0)
}

/// Joins the room and says all `texts` there, so many at a time that the server is never idle and never
/// flooded. Counts stored messages in `acknowledged`.
pub(crate) async fn talk(
    mut socket: Socket,
    room: String,
    texts: impl Iterator<Item = String> + Send,
    acknowledged: &AtomicU64,
) -> Result<(), Error> {
    socket.send(ask(0, Command::Join { room: room.clone(), cursor: None, resume: false })).await?;
    // A newcomer belongs to the room once that is stored.
    while !socket.next().await.ok_or("closed")??.to_text()?.starts_with("{\"reply\":{\"id\":0,") {}
    let mut texts = texts.fuse();
    let (mut under_way, mut number) = (0, 0);
    loop {
        while under_way < WINDOW
            && let Some(text) = texts.next()
        {
            number += 1;
            let client_id = ClientId::from_random_bytes(rand::random());
            socket
                .feed(ask(
                    number,
                    Command::Post { room: room.clone(), client_id, text, reply_to: None, files: Vec::new() },
                ))
                .await?;
            under_way += 1;
        }
        socket.flush().await?;
        if under_way == 0 {
            return Ok(());
        }
        let Message::Text(json) = socket.next().await.ok_or("closed")?? else { continue };
        // Reading all of an event would measure this program and not the other.
        if json.starts_with("{\"refusal\"") {
            return Err(json.as_str().into());
        }
        if json.starts_with("{\"reply\"") && answers_post(&json)? {
            under_way -= 1;
            acknowledged.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn answers_post(json: &str) -> Result<bool, Error> {
    Ok(matches!(ServerFrame::decode(json)?, ServerFrame::Reply { answer: Answer::Posted(_), .. }))
}

/// A request as a frame.
pub(crate) fn ask(id: u64, command: Command) -> Message {
    Message::text(ClientFrame { id: RequestId(id), command }.encode())
}
