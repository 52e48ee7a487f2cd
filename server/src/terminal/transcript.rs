//! What has been told of each room, and what is to be told next: nothing twice, nothing left out.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use hubbub_client::{Intent, Phase, RoomState, RowState};
use hubbub_protocol::{ClientId, Epoch, Event, Message, MessageId, RoomName, Seq, Timestamp, User};

use super::line::TranscriptLine;

/// The rooms of this run, each as far as it is told. It looks at rows and says lines; it does no I/O.
#[derive(Debug)]
pub(crate) struct Transcript {
    /// Messages of a room's past that are told on coming in.
    history: usize,
    epoch: Option<Epoch>,
    rooms: BTreeMap<RoomName, RoomProgress>,
    /// What was said here and is not told yet as stored.
    awaited: BTreeSet<ClientId>,
}

/// As far as one room is told.
#[derive(Debug, Default)]
struct RoomProgress {
    /// Every line up to this position is told.
    up_to: Option<Seq>,
    /// The position around which lines were asked for, so that nothing asks for ever.
    asked_around: Option<Seq>,
    /// The messages as they were told, of those that are held.
    versions: BTreeMap<MessageId, PrintedVersion>,
    greeted: Option<User>,
}

#[derive(Debug, PartialEq, Eq)]
struct PrintedVersion {
    edited_at: Option<Timestamp>,
    gone: bool,
}

/// What to print, and what to ask for so that more can be told.
#[derive(Debug, Default)]
pub(crate) struct TranscriptOutput {
    pub(crate) lines: Vec<TranscriptLine>,
    pub(crate) command: Option<Intent>,
}

impl Transcript {
    pub(crate) fn new(history: usize) -> Self {
        Self { history, epoch: None, rooms: BTreeMap::new(), awaited: BTreeSet::new() }
    }

    /// This was said here: it is told whenever it is stored.
    pub(crate) fn await_mine(&mut self, client_id: ClientId) {
        self.awaited.insert(client_id);
    }

    /// It will not be stored.
    pub(crate) fn give_up(&mut self, client_id: ClientId) {
        self.awaited.remove(&client_id);
    }

    /// Whether something that was said here is not told yet.
    pub(crate) fn awaits_mine(&self) -> bool {
        !self.awaited.is_empty()
    }

    /// One comes into the room, again or for the first time.
    pub(crate) fn enter(&mut self, room: &RoomName) {
        if let Some(progress) = self.rooms.get_mut(room) {
            progress.greeted = None;
        }
    }

    /// Up to where the room is told; none before one was in it.
    pub(crate) fn up_to(&self, room: &RoomName) -> Option<Seq> {
        self.rooms.get(room)?.up_to
    }

    /// Under another epoch no position means anything.
    pub(crate) fn begin(&mut self, epoch: &Epoch) {
        if self.epoch.as_ref().is_some_and(|known| known != epoch) {
            self.rooms.clear();
        }
        self.epoch = Some(epoch.clone());
    }

    /// What is new in the room.
    pub(crate) fn tell(&mut self, room: &RoomState, me: &User) -> TranscriptOutput {
        let mut output = TranscriptOutput::default();
        let progress = self.rooms.entry(room.name.clone()).or_default();
        if room.timeline.loading() || (progress.up_to.is_none() && room.phase != Phase::Live) {
            return output;
        }
        let before = match progress.up_to {
            Some(up_to) => up_to,
            None => progress.begin_before(room, self.history),
        };
        if progress.greeted.as_ref() != Some(me) {
            progress.greeted = Some(me.clone());
            output.lines.push(TranscriptLine::notice(format!("you are {} in {}", me.name, room.name)));
        }
        if let Some(command) = progress.bridge(room, before) {
            output.command = Some(command);
            return output;
        }
        let mut up_to = before;
        let mut versions = BTreeMap::new();
        // In the order in which it happened: an edit may stand between two messages.
        let mut lines = Vec::new();
        for row in room.timeline.rows() {
            match row.state {
                RowState::Saved(message) => {
                    let mine = message.author.id == me.id;
                    let awaited = mine && self.awaited.remove(&message.client_id);
                    let version = PrintedVersion::of(&message);
                    let line = if message.seq > before || awaited {
                        TranscriptLine::said(&message, mine)
                    } else if row.changing {
                        // It is not stored yet that it says something else.
                        if let Some(known) = progress.versions.remove(&message.id) {
                            versions.insert(message.id, known);
                        }
                        continue;
                    } else {
                        progress
                            .versions
                            .get(&message.id)
                            .and_then(|known| changed(known, &version, &message, mine))
                    };
                    let seq = if message.seq > before { message.seq } else { message.version() };
                    lines.extend(line.map(|line| (seq, line)));
                    up_to = up_to.max(message.seq);
                    versions.insert(message.id, version);
                }
                RowState::Notice(event) => {
                    if event.seq() > before {
                        lines.extend(notice(&event, me).map(|line| (event.seq(), line)));
                    }
                    up_to = up_to.max(event.seq());
                }
                RowState::Sent { .. } | RowState::Pending(_) | RowState::Failed(..) => {}
            }
        }
        lines.sort_by_key(|(seq, _)| *seq);
        output.lines.extend(lines.into_iter().map(|(_, line)| line));
        if !room.timeline.has_newer() {
            up_to = up_to.max(room.timeline.cursor().unwrap_or_default());
        } else if !room.timeline.loading_newer() {
            output.command = Some(Intent::Newer { room: room.name.clone() });
        }
        progress.up_to = Some(up_to);
        progress.versions = versions;
        output
    }
}

impl RoomProgress {
    /// Where to begin, so that so many messages of the past are told.
    fn begin_before(&self, room: &RoomState, history: usize) -> Seq {
        let end = room.timeline.cursor().unwrap_or_default();
        let first = room.timeline.saved().rev().filter(|message| message.text.is_some()).take(history).last();
        first.map_or(end, |message| Seq(message.seq.0.saturating_sub(1)))
    }

    /// When the lines that are held begin after the last one that was told, those in between are read first.
    fn bridge(&mut self, room: &RoomState, before: Seq) -> Option<Intent> {
        self.up_to?;
        let timeline = &room.timeline;
        let first = timeline.rows().find_map(|row| match row.state {
            RowState::Saved(message) => Some(message.seq),
            RowState::Notice(event) => Some(event.seq()),
            _ => None,
        });
        let gap = timeline.has_older() && first.is_some_and(|first| first > before.next());
        if !gap {
            self.asked_around = None;
            return None;
        }
        if self.asked_around == Some(before) && timeline.loading_around().is_none() {
            // It was brought, and there is nothing nearer.
            return None;
        }
        self.asked_around = Some(before);
        Some(Intent::Around { room: room.name.clone(), seq: before })
    }
}

impl PrintedVersion {
    fn of(message: &Message) -> Self {
        Self { edited_at: message.edited_at, gone: message.text.is_none() }
    }
}

/// How a message that was told before is told again.
fn changed(
    known: &PrintedVersion,
    now: &PrintedVersion,
    message: &Message,
    mine: bool,
) -> Option<TranscriptLine> {
    if known == now {
        None
    } else if now.gone {
        Some(TranscriptLine::notice(format!("a message by {} was deleted", message.author.name)))
    } else {
        TranscriptLine::said(message, mine)
    }
}

/// One gets no notice of oneself.
fn notice(event: &Event, me: &User) -> Option<TranscriptLine> {
    match event {
        Event::Joined(moved) if moved.user.id != me.id => {
            Some(TranscriptLine::notice(format!("{} joined", moved.user.name)))
        }
        Event::Left(moved) if moved.user.id != me.id => {
            Some(TranscriptLine::notice(format!("{} left", moved.user.name)))
        }
        Event::Described(described) if described.topic.is_empty() => {
            Some(TranscriptLine::notice(format!("{} removed the topic", described.user.name)))
        }
        Event::Described(described) => Some(TranscriptLine::notice(format!(
            "{} changed the topic to: {}",
            described.user.name,
            described.topic.as_str()
        ))),
        _ => None,
    }
}
