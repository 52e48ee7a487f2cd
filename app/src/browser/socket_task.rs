//! One WebSocket, from opening to close code.

use std::future::poll_fn;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use hubbub_client::SocketEvent;
use hubbub_protocol::SUBPROTOCOL;
use leptos::task::spawn_local;

use super::json;

/// The handle of a socket.
pub(crate) struct Socket {
    // The channel is unbounded, because the client limits its open requests to the number that the server
    // allows.
    orders: UnboundedSender<Order>,
}

enum Order {
    Send(String),
    Close(u16),
}

impl Socket {
    /// Opens a socket. Its events are reported to `on_event`; the last one is that it was closed.
    pub(crate) fn open(address: String, on_event: impl Fn(SocketEvent) + 'static) -> Self {
        let (orders, waiting) = unbounded();
        spawn_local(async move {
            let code = run(&address, waiting, &on_event).await;
            on_event(SocketEvent::Closed { code });
        });
        Self { orders }
    }

    /// Sends a frame. If the socket closes meanwhile, the frame is lost, and the close is reported.
    pub(crate) fn send(&self, text: String) {
        _ = self.orders.unbounded_send(Order::Send(text));
    }

    pub(crate) fn close(self, code: u16) {
        _ = self.orders.unbounded_send(Order::Close(code));
    }
}

/// Runs until the socket is closed, and returns the close code if there is one.
async fn run(
    address: &str,
    mut orders: UnboundedReceiver<Order>,
    on_event: &impl Fn(SocketEvent),
) -> Option<u16> {
    let mut socket = WebSocket::open_with_protocol(address, SUBPROTOCOL).ok()?;
    let decided = poll_fn(|context| socket.poll_ready_unpin(context));
    if let Either::Right((order, _)) = select(decided, orders.next()).await {
        close(socket, order);
        return None;
    }
    if matches!(socket.state(), State::Open) {
        on_event(SocketEvent::Opened);
    }
    let mut code = None;
    loop {
        match select(socket.next(), orders.next()).await {
            Either::Left((Some(Ok(Message::Text(text))), _)) => {
                on_event(SocketEvent::Frame(json::read(&text).map(Box::new)))
            }
            // The native protocol has no binary frames.
            Either::Left((Some(Ok(Message::Bytes(_))), _)) => {}
            // The close code may follow an error without code, so reading continues until the stream ends.
            Either::Left((Some(Err(WebSocketError::ConnectionClose(close))), _)) => code = Some(close.code),
            Either::Left((Some(Err(_)), _)) => {}
            Either::Left((None, _)) => return code,
            // The result is ignored: only a reply of the server confirms a frame.
            Either::Right((Some(Order::Send(text)), _)) => _ = socket.send(Message::Text(text)).await,
            Either::Right((order, _)) => {
                close(socket, order);
                return None;
            }
        }
    }
}

fn close(socket: WebSocket, order: Option<Order>) {
    let code = match order {
        Some(Order::Close(code)) => Some(code),
        // A frame cannot be sent on a socket that is not open; a dropped handle ends the task.
        Some(Order::Send(_)) | None => None,
    };
    _ = socket.close(code, None);
}
