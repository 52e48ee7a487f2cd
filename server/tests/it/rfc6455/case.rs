//! What a peer sends, and what must come of it.

use super::endpoint::{Connection, Endpoint};
use crate::support::raw::frame;

/// The first byte of a text frame that is a whole message, and of its parts.
pub(super) const TEXT: u8 = 0x81;
pub(super) const TEXT_BEGINS: u8 = 0x01;
pub(super) const GOES_ON: u8 = 0x00;
pub(super) const ENDS: u8 = 0x80;
pub(super) const BINARY: u8 = 0x82;
pub(super) const BINARY_BEGINS: u8 = 0x02;
pub(super) const CLOSE: u8 = 0x88;
pub(super) const PING: u8 = 0x89;
pub(super) const PONG: u8 = 0x8a;

/// What closes a connection that has broken a rule of the frames, of UTF-8 and of the size.
pub(super) const BREACH: Outcome = Outcome::Closed(&[1002]);
pub(super) const NOT_UTF8: Outcome = Outcome::Closed(&[1007]);
pub(super) const TOO_BIG: Outcome = Outcome::Closed(&[1009]);
/// Stands for a close frame without a code.
pub(super) const NO_CODE: u16 = 1005;

/// Some bytes and what comes of them.
pub(super) struct Case {
    pub(super) name: String,
    bytes: Vec<u8>,
    /// Bytes sent at once.
    piece: usize,
    outcome: Outcome,
}

/// What comes of it.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The connection lives on. So many messages are answered, in whatever words the wire has, and the last ping of each
    /// write with its own payload.
    Lives { answers: usize, pongs: Vec<Vec<u8>> },
    /// As many binary messages are answered, where the wire answers them; elsewhere the first is the end.
    Binary { answers: usize },
    /// The server closes with one of these codes and then ends the stream.
    Closed(&'static [u16]),
    /// The server closes with this code.
    ClosedWith(u16),
}

/// So many messages are answered and nothing else happens.
pub(super) const fn answers(answers: usize) -> Outcome {
    Outcome::Lives { answers, pongs: Vec::new() }
}

/// The pings of these payloads are answered.
pub(super) fn pongs<const N: usize>(pongs: [&[u8]; N]) -> Outcome {
    Outcome::Lives { answers: 0, pongs: pongs.map(<[u8]>::to_vec).to_vec() }
}

impl Case {
    pub(super) fn new(name: impl Into<String>, frames: &[Vec<u8>], outcome: Outcome) -> Self {
        Self { name: name.into(), bytes: frames.concat(), piece: usize::MAX, outcome }
    }

    /// The same, sent in pieces of so many bytes.
    pub(super) fn in_pieces(mut self, piece: usize) -> Self {
        self.name = format!("{}, {piece} bytes at once", self.name);
        self.piece = piece;
        self
    }

    pub(super) async fn run(&self, mut connection: Connection, endpoint: &Endpoint) -> Result<(), String> {
        connection.sends(&self.bytes, self.piece).await;
        match &self.outcome {
            Outcome::Lives { answers, pongs } => lives(&mut connection, *answers, pongs).await,
            Outcome::Binary { answers } if endpoint.answers_binary => {
                lives(&mut connection, *answers, &[]).await
            }
            Outcome::Binary { .. } => closed(&mut connection, &[1003]).await,
            Outcome::Closed(codes) => closed(&mut connection, codes).await,
            Outcome::ClosedWith(code) => closed(&mut connection, &[*code]).await,
        }
    }
}

/// A last ping shows that the connection lives.
async fn lives(connection: &mut Connection, answers: usize, pongs: &[Vec<u8>]) -> Result<(), String> {
    const LAST: &[u8] = b"the last one";
    connection.sends(&frame(PING, LAST), usize::MAX).await;
    let (mut heard, mut answered) = (Vec::new(), 0);
    while heard.last().is_none_or(|pong| pong != LAST) || answered < answers {
        match connection.frame().await {
            Some((1, _)) => answered += 1,
            Some((10, payload)) => heard.push(payload),
            Some((8, payload)) => return Err(format!("closed with {}", code(&payload))),
            other => return Err(format!("heard {other:?}")),
        }
    }
    heard.pop();
    if answered != answers {
        return Err(format!("{answered} answers instead of {answers}"));
    }
    if heard != pongs {
        return Err(format!("the pongs {heard:?} instead of {pongs:?}"));
    }
    Ok(())
}

async fn closed(connection: &mut Connection, codes: &[u16]) -> Result<(), String> {
    loop {
        match connection.frame().await {
            Some((8, payload)) if !codes.contains(&code(&payload)) => {
                return Err(format!("closed with {} instead of {codes:?}", code(&payload)));
            }
            Some((8, _)) => break,
            // What came before the breach is answered.
            Some(_) => {}
            None => return Err("the stream ended without a close frame".to_owned()),
        }
    }
    // The stream ends, and nothing comes before that.
    if connection.is_at_its_end().await {
        Ok(())
    } else {
        Err("something came after the close frame".to_owned())
    }
}

fn code(payload: &[u8]) -> u16 {
    payload.first_chunk().map_or(NO_CODE, |code| u16::from_be_bytes(*code))
}
