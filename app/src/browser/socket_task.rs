//! One WebSocket, from opening to close code.

use std::future::poll_fn;
use std::pin::pin;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::{Either, join, select};
use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use hubbub_protocol::SUBPROTOCOL;
use leptos::task::spawn_local;

use super::frames::{self, Receive};

/// An event of a socket.
pub(super) enum SocketReport {
    Opened,
    /// A frame, and the code that reads it.
    Frame(String, Receive),
    /// The socket is open, but the code that reads frames did not load. The socket will be closed.
    NoReceiver,
    /// The socket was closed, or could not be opened.
    Closed {
        code: Option<u16>,
    },
}

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
    pub(crate) fn open(address: String, on_event: impl Fn(SocketReport) + 'static) -> Self {
        let (orders, waiting) = unbounded();
        spawn_local(async move {
            let code = run(&address, waiting, &on_event).await;
            on_event(SocketReport::Closed { code });
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
    on_event: &impl Fn(SocketReport),
) -> Option<u16> {
    let mut socket = WebSocket::open_with_protocol(address, SUBPROTOCOL).ok()?;
    let ready = {
        let opening = poll_fn(|context| socket.poll_ready_unpin(context));
        let ready = pin!(join(opening, frames::receiver()));
        match select(ready, orders.next()).await {
            Either::Left(((_, receive), _)) => Ok(receive),
            Either::Right((order, _)) => Err(order),
        }
    };
    // The code may have failed to load because there was no connection when it was requested.
    let ready = match ready {
        Ok(Err(_)) if is_open(&socket) => match select(pin!(frames::receiver()), orders.next()).await {
            Either::Left((receive, _)) => Ok(receive),
            Either::Right((order, _)) => Err(order),
        },
        ready => ready,
    };
    let receive = match ready {
        Ok(Ok(receive)) => receive,
        Ok(Err(_)) => {
            if is_open(&socket) {
                on_event(SocketReport::NoReceiver);
            }
            close(socket, None);
            return None;
        }
        Err(order) => {
            close(socket, order);
            return None;
        }
    };
    if is_open(&socket) {
        on_event(SocketReport::Opened);
    }
    let mut code = None;
    loop {
        match select(socket.next(), orders.next()).await {
            Either::Left((Some(Ok(Message::Text(text))), _)) => {
                on_event(SocketReport::Frame(text, receive));
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

fn is_open(socket: &WebSocket) -> bool {
    matches!(socket.state(), State::Open)
}

fn close(socket: WebSocket, order: Option<Order>) {
    let code = match order {
        Some(Order::Close(code)) => Some(code),
        // A frame cannot be sent on a socket that is not open; a dropped handle ends the task.
        Some(Order::Send(_)) | None => None,
    };
    _ = socket.close(code, None);
}
