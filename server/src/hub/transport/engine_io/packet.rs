//! Engine.IO packets as text: the first character is the type, the rest is the content.

use crate::hub::transport::TextFrame;

/// Ping, which the peer must answer.
pub(super) const PING: &str = "2";
/// Ends the session.
pub(super) const CLOSE: &str = "1";
/// Ends a poll for which there is no packet.
pub(super) const NOOP: &str = "6";
/// Answers the probe of an upgrade.
pub(super) const PROBE_ANSWER: &str = "3probe";
/// Separates two packets of one payload.
const SEPARATOR: char = '\u{1e}';

/// A packet from a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EngineIoPacket<'a> {
    /// The peer ends the session.
    Close,
    /// A ping, a pong or a no-op.
    SignOfLife,
    /// The probe of a WebSocket before an upgrade.
    Probe,
    /// A message of the layer above.
    Message(&'a str),
    /// The client completes the upgrade to the WebSocket.
    Upgrade,
    /// Binary content, in base64.
    Binary(&'a str),
}

impl<'a> EngineIoPacket<'a> {
    /// Returns `None` for invalid text and for packets that only a server sends.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        match (text.as_bytes().first()?, text) {
            (b'1', "1") => Some(Self::Close),
            (b'2', "2probe") => Some(Self::Probe),
            (b'2' | b'3', _) => Some(Self::SignOfLife),
            (b'4', _) => text.get(1..).map(Self::Message),
            (b'5', "5") => Some(Self::Upgrade),
            (b'6', "6") => Some(Self::SignOfLife),
            (b'b', _) => text.get(1..).map(Self::Binary),
            _ => None,
        }
    }
}

/// Encodes a message as a packet.
pub(in crate::hub::transport) fn message(content: &str) -> String {
    format!("4{content}")
}

/// Returns the first packet of a payload and the rest, if there is any.
pub(super) fn split(payload: &str) -> (&str, Option<&str>) {
    payload.split_once(SEPARATOR).map_or((payload, None), |(packet, rest)| (packet, Some(rest)))
}

/// Joins packets into the payload of a poll's answer.
pub(super) fn join(packets: &[TextFrame]) -> String {
    let bytes = packets.iter().map(|packet| packet.text().len() + SEPARATOR.len_utf8()).sum();
    let mut payload = String::with_capacity(bytes);
    for packet in packets {
        if !payload.is_empty() {
            payload.push(SEPARATOR);
        }
        payload.push_str(packet.text());
    }
    payload
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_only_valid_packets() {
        assert_eq!(EngineIoPacket::parse("40"), Some(EngineIoPacket::Message("0")));
        assert_eq!(EngineIoPacket::parse("4"), Some(EngineIoPacket::Message("")));
        assert_eq!(EngineIoPacket::parse("2probe"), Some(EngineIoPacket::Probe));
        assert_eq!(EngineIoPacket::parse("3"), Some(EngineIoPacket::SignOfLife));
        assert_eq!(EngineIoPacket::parse("5"), Some(EngineIoPacket::Upgrade));
        assert_eq!(EngineIoPacket::parse("bAQID"), Some(EngineIoPacket::Binary("AQID")));
        for wrong in ["", "0", "0{}", "7", "11", "5x", "é", "hello", "\u{1e}"] {
            assert_eq!(EngineIoPacket::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn joining_a_split_payload_restores_it() {
        let packets: Vec<TextFrame> = ["40", "42[\"a\"]", "2"].into_iter().map(TextFrame::new).collect();
        let joined = join(&packets);
        let (first, rest) = split(&joined);
        let (second, last) = split(rest.unwrap());
        assert_eq!((first, second, split(last.unwrap())), ("40", "42[\"a\"]", ("2", None)));
    }
}
