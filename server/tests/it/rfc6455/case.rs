//! Frames of a peer, and the expected outcome.

use super::endpoint::Endpoint;
use crate::support::raw::{Raw, frame};

/// First bytes of frames: a whole text message, and its fragments.
pub(super) const TEXT: u8 = 0x81;
pub(super) const TEXT_WITHOUT_FIN: u8 = 0x01;
pub(super) const CONTINUATION: u8 = 0x00;
pub(super) const FINAL_CONTINUATION: u8 = 0x80;
pub(super) const BINARY: u8 = 0x82;
pub(super) const BINARY_WITHOUT_FIN: u8 = 0x02;
pub(super) const CLOSE: u8 = 0x88;
pub(super) const PING: u8 = 0x89;
pub(super) const PONG: u8 = 0x8a;

/// The outcomes of a violation of the framing rules, of UTF-8 and of the size limit.
pub(super) const PROTOCOL_ERROR: Outcome = Outcome::Closed(&[1002]);
pub(super) const NOT_UTF8: Outcome = Outcome::Closed(&[1007]);
pub(super) const TOO_BIG: Outcome = Outcome::Closed(&[1009]);
/// Stands for a close frame without a code.
pub(super) const NO_CODE: u16 = 1005;

/// Bytes to send, and the expected outcome.
pub(super) struct Case {
    pub(super) name: String,
    bytes: Vec<u8>,
    /// Number of bytes that are sent in one write.
    piece: usize,
    outcome: Outcome,
}

/// The expected outcome.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The connection stays open. This number of messages is answered, in the words of the wire, and the last ping of
    /// each write with its own payload.
    Lives { answers: usize, pongs: Vec<Vec<u8>> },
    /// This number of binary messages is answered, if the wire answers them; otherwise the first one closes the
    /// connection.
    Binary { answers: usize },
    /// The server closes with one of these codes and then ends the stream.
    Closed(&'static [u16]),
    /// The server closes with this code.
    ClosedWith(u16),
}

/// Expects this number of answers and nothing else.
pub(super) const fn answers(answers: usize) -> Outcome {
    Outcome::Lives { answers, pongs: Vec::new() }
}

/// Expects pongs with these payloads.
pub(super) fn pongs<const N: usize>(pongs: [&[u8]; N]) -> Outcome {
    Outcome::Lives { answers: 0, pongs: pongs.map(<[u8]>::to_vec).to_vec() }
}

impl Case {
    pub(super) fn new(name: impl Into<String>, frames: &[Vec<u8>], outcome: Outcome) -> Self {
        Self { name: name.into(), bytes: frames.concat(), piece: usize::MAX, outcome }
    }

    /// Returns the same case, sent in pieces of `piece` bytes.
    pub(super) fn in_pieces(mut self, piece: usize) -> Self {
        self.name = format!("{}, {piece} bytes at once", self.name);
        self.piece = piece;
        self
    }

    pub(super) async fn run(&self, mut connection: Raw, endpoint: &Endpoint) -> Result<(), String> {
        connection.sends_in_pieces(&self.bytes, self.piece).await;
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

/// Sends a last ping, whose answer shows that the connection is open.
async fn lives(connection: &mut Raw, answers: usize, pongs: &[Vec<u8>]) -> Result<(), String> {
    const LAST: &[u8] = b"the last one";
    connection.sends(&frame(PING, LAST)).await;
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

async fn closed(connection: &mut Raw, codes: &[u16]) -> Result<(), String> {
    loop {
        match connection.frame().await {
            Some((8, payload)) if !codes.contains(&code(&payload)) => {
                return Err(format!("closed with {} instead of {codes:?}", code(&payload)));
            }
            Some((8, _)) => break,
            // Messages before the violation are answered.
            Some(_) => {}
            None => return Err("the stream ended without a close frame".to_owned()),
        }
    }
    // The stream must end without further data.
    if connection.is_at_its_end().await {
        Ok(())
    } else {
        Err("something came after the close frame".to_owned())
    }
}

fn code(payload: &[u8]) -> u16 {
    payload.first_chunk().map_or(NO_CODE, |code| u16::from_be_bytes(*code))
}
