//! Socket.IO packets, version 5 of the protocol: a digit for the type, the number of attachments, the namespace, the id
//! of an acknowledgement, and JSON.

use serde_json::value::RawValue;

/// Maximum number of binary attachments of one packet.
const MAX_ATTACHMENTS: usize = 10;
/// The namespace of a packet that names none.
pub(super) const DEFAULT_NAMESPACE: &str = "/";

/// A packet from a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SocketIoPacket {
    /// Asks to enter a namespace, with authentication data as JSON.
    Connect { namespace: String, auth: Option<String> },
    /// Leaves a namespace.
    Disconnect { namespace: String },
    /// An event in the default namespace.
    Event(EventPacket),
    /// A packet without effect: an acknowledgement, which the server never requests, or a packet of another namespace.
    Ignored,
}

/// An event and its first argument as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EventPacket {
    pub(super) name: String,
    pub(super) json: String,
    /// The id of the acknowledgement that the peer wants.
    pub(super) acknowledge: Option<u64>,
    /// Number of binary messages that follow and belong to the event.
    pub(super) attachments: usize,
}

impl SocketIoPacket {
    /// Returns `None` for an invalid packet.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let kind = text.chars().next()?;
        let rest = text.get(1..)?;
        let (attachments, rest) = match kind {
            '5' | '6' => rest.split_once('-').and_then(|(count, rest)| Some((number(count)?, rest)))?,
            _ => (0, rest),
        };
        let attachments = usize::try_from(attachments).ok().filter(|count| *count <= MAX_ATTACHMENTS)?;
        let (namespace, rest) = match rest.strip_prefix('/') {
            Some(_) => rest.split_once(',').unwrap_or((rest, "")),
            None => (DEFAULT_NAMESPACE, rest),
        };
        match kind {
            '0' => {
                let auth = (!rest.is_empty()).then(|| serde_json::from_str::<&RawValue>(rest)).transpose();
                let auth = auth.ok()?.map(|auth| auth.get().to_owned());
                Some(Self::Connect { namespace: namespace.to_owned(), auth })
            }
            '1' => Some(Self::Disconnect { namespace: namespace.to_owned() }),
            '2' | '5' if namespace == DEFAULT_NAMESPACE => event(rest, attachments).map(Self::Event),
            '2' | '3' | '5' | '6' => Some(Self::Ignored),
            _ => None,
        }
    }
}

fn event(text: &str, attachments: usize) -> Option<EventPacket> {
    let json = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = &text[..text.len() - json.len()];
    let acknowledge = if digits.is_empty() { None } else { Some(number(digits)?) };
    let arguments: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    let (name, payload) = (arguments.first()?, arguments.get(1));
    let name = serde_json::from_str(name.get()).ok()?;
    let json = payload.map_or("null", |payload| payload.get()).to_owned();
    Some(EventPacket { name, json, acknowledge, attachments })
}

fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Encodes an event; its payload is JSON already.
pub(in crate::hub::transport) fn event_text(name: &str, json: &str) -> String {
    format!(r#"2["{name}",{json}]"#)
}

/// Encodes an acknowledgement; its payload is JSON already.
pub(in crate::hub::transport) fn acknowledgement_text(id: u64, json: &str) -> String {
    format!("3{id}[{json}]")
}

/// Encodes the packet that accepts the peer in the default namespace.
pub(super) fn connected_text(sid: &str) -> String {
    format!(r#"0{{"sid":"{sid}"}}"#)
}

/// Encodes the packet that rejects the peer in a namespace: `problem` is JSON with a `message`.
pub(super) fn refused_text(namespace: &str, problem: &str) -> String {
    if namespace == DEFAULT_NAMESPACE { format!("4{problem}") } else { format!("4{namespace},{problem}") }
}

/// Disconnects the peer from the default namespace. Clients do not reconnect by themselves after it.
pub(super) const DISCONNECT: &str = "1";

#[cfg(test)]
mod tests {
    use super::*;

    fn event_of(text: &str) -> EventPacket {
        match SocketIoPacket::parse(text) {
            Some(SocketIoPacket::Event(event)) => event,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn parses_events_with_and_without_their_extras() {
        let event = event_of(r#"2["join_room",{"room":"a"}]"#);
        assert_eq!((event.name.as_str(), event.json.as_str()), ("join_room", r#"{"room":"a"}"#));
        assert_eq!((event.acknowledge, event.attachments), (None, 0));
        assert_eq!(event_of(r#"217["a"]"#).acknowledge, Some(17));
        assert_eq!(event_of(r#"2["a"]"#).json, "null");
        assert_eq!(event_of(r#"2["a",1,2]"#).json, "1");
        let attached = event_of(r#"51-7["a",{"_placeholder":true,"num":0}]"#);
        assert_eq!((attached.acknowledge, attached.attachments), (Some(7), 1));
    }

    #[test]
    fn parses_connecting_and_leaving() {
        let connect = |namespace: &str, auth: Option<&str>| {
            let (namespace, auth) = (namespace.to_owned(), auth.map(str::to_owned));
            Some(SocketIoPacket::Connect { namespace, auth })
        };
        assert_eq!(SocketIoPacket::parse("0"), connect("/", None));
        assert_eq!(SocketIoPacket::parse(r#"0{"token":"x"}"#), connect("/", Some(r#"{"token":"x"}"#)));
        assert_eq!(SocketIoPacket::parse(r#"0/,{"a":1}"#), connect("/", Some(r#"{"a":1}"#)));
        assert_eq!(SocketIoPacket::parse("0/admin,"), connect("/admin", None));
        assert_eq!(SocketIoPacket::parse("0/admin"), connect("/admin", None));
        assert_eq!(
            SocketIoPacket::parse("1"),
            Some(SocketIoPacket::Disconnect { namespace: "/".to_owned() })
        );
        assert_eq!(SocketIoPacket::parse(r#"2/admin,["a"]"#), Some(SocketIoPacket::Ignored));
        assert_eq!(SocketIoPacket::parse("31[1]"), Some(SocketIoPacket::Ignored));
    }

    #[test]
    fn rejects_invalid_packets() {
        let deep = format!("2[\"a\",{}]", "[".repeat(60_000));
        let many = format!("5{}-[\"a\"]", MAX_ATTACHMENTS + 1);
        for wrong in [
            "",
            "2",
            "2[]",
            "2{}",
            "2[7]",
            "2[\"a\"",
            "2x[\"a\"]",
            "4{}",
            "7",
            "é",
            "5[\"a\"]",
            "5-[\"a\"]",
            "5x-[\"a\"]",
            "299999999999999999999[\"a\"]",
            "0{",
            "0nope",
            "2\"a\"",
            &deep,
            &many,
        ] {
            assert_eq!(SocketIoPacket::parse(wrong), None, "{wrong:.60}");
        }
    }

    #[test]
    fn encodes_packets_that_clients_parse() {
        assert_eq!(event_text("a", "{}"), r#"2["a",{}]"#);
        assert_eq!(acknowledgement_text(7, "{}"), "37[{}]");
        assert_eq!(connected_text("x"), r#"0{"sid":"x"}"#);
        assert_eq!(refused_text("/", "{}"), "4{}");
        assert_eq!(refused_text("/admin", "{}"), "4/admin,{}");
    }
}
