//! The form of each request on each wire.

use hubbub_wires::Wire;

use crate::stage::{Stage, client_id};
use hubbub_wires::InboundFrame;

/// A request of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wish {
    Join,
    Post,
    SendFile,
    History,
    Users,
    Type,
    TypeNoMore,
    Read,
    Appear,
    Ping,
    Leave,
}

impl Wish {
    pub(crate) const ALL: [Self; 11] = [
        Self::Join,
        Self::Post,
        Self::SendFile,
        Self::History,
        Self::Users,
        Self::Type,
        Self::TypeNoMore,
        Self::Read,
        Self::Appear,
        Self::Ping,
        Self::Leave,
    ];
}

/// Returns the input for a request, or `None` if the wire does not have it.
pub(crate) fn words(wire: Wire, wish: Wish) -> Option<(Option<&'static str>, String)> {
    let id = client_id();
    let text = |text: &str| Some((None, text.to_owned()));
    let event = |name: &'static str, json: &str| Some((Some(name), json.to_owned()));
    match (wire, wish) {
        (Wire::Actions, Wish::Join) => text(r#"{"action":"join","room":"general","history":3}"#),
        (Wire::Actions, Wish::Post) => {
            text(&format!(r#"{{"action":"message","room":"general","text":"Hi","client_id":"{id}"}}"#))
        }
        (Wire::Actions, Wish::SendFile) => {
            text(r#"{"action":"send_file","room":"general","filename":"a.png","data":"aGk=","text":"Look"}"#)
        }
        (Wire::Actions, Wish::History) => text(r#"{"action":"history","room":"general","limit":2}"#),
        (Wire::Actions, Wish::Users) => text(r#"{"action":"users","room":"general"}"#),
        (Wire::Actions, Wish::Type) => text(r#"{"action":"typing","room":"general"}"#),
        (Wire::Actions, Wish::Leave) => text(r#"{"action":"leave","room":"general"}"#),
        // The URL joins the room, and closing the connection leaves it.
        (Wire::Plain | Wire::Form, Wish::Post) => text("Hi"),
        (Wire::SocketIo, Wish::Join) => event("join_room", r#"{"room":"general"}"#),
        (Wire::SocketIo, Wish::Post) => {
            event("send_message", &format!(r#"{{"room":"general","text":"Hi","client_id":"{id}"}}"#))
        }
        (Wire::SocketIo, Wish::SendFile) => {
            event("send_file", r#"{"room":"general","filename":"a.png","data":"aGk=","text":"Look"}"#)
        }
        (Wire::SocketIo, Wish::Users) => event("get_room_users", r#"{"room":"general"}"#),
        (Wire::SocketIo, Wish::Leave) => event("leave_room", r#"{"room":"general"}"#),
        (Wire::Typed, Wish::Join) => text(r#"{"type":"join_chat","chat_id":3}"#),
        (Wire::Typed, Wish::Post) => {
            text(&format!(r#"{{"type":"send_message","chat_id":3,"content":"Hi","client_id":"{id}"}}"#))
        }
        (Wire::Typed, Wish::Type) => text(r#"{"type":"typing","chat_id":3,"is_typing":true}"#),
        (Wire::Typed, Wish::TypeNoMore) => text(r#"{"type":"typing","chat_id":3,"is_typing":false}"#),
        (Wire::Typed, Wish::Read) => text(r#"{"type":"read_messages","chat_id":3}"#),
        (Wire::Typed, Wish::Appear) => text(r#"{"type":"status","status":"busy"}"#),
        (Wire::Typed, Wish::Ping) => text(r#"{"type":"ping"}"#),
        (Wire::Typed, Wish::Leave) => text(r#"{"type":"leave_chat","chat_id":3}"#),
        (Wire::Actions, Wish::TypeNoMore | Wish::Read | Wish::Appear | Wish::Ping)
        | (
            Wire::Plain | Wire::Form,
            Wish::Join
            | Wish::History
            | Wish::Users
            | Wish::Type
            | Wish::TypeNoMore
            | Wish::Read
            | Wish::Appear
            | Wish::Ping
            | Wish::Leave
            | Wish::SendFile,
        )
        | (
            Wire::SocketIo,
            Wish::History | Wish::Type | Wish::TypeNoMore | Wish::Read | Wish::Appear | Wish::Ping,
        )
        | (Wire::Typed, Wish::History | Wish::Users | Wish::SendFile) => None,
    }
}

/// Sends a request and returns whether the wire has it.
pub(crate) fn says(stage: &mut Stage, wish: Wish) -> bool {
    let Some((name, text)) = words(stage.wire(), wish) else { return false };
    match name {
        Some(name) => {
            stage.says(InboundFrame::Event { name, json: &text, acknowledge: Some(7), has_attachment: false })
        }
        None => stage.says(InboundFrame::Text(&text)),
    }
    true
}
