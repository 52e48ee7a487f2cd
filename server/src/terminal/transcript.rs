//! Tracks what was printed of each room, so that no message is printed twice or left out.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use hubbub_client::{Intent, Phase, RoomState, RowState};
use hubbub_protocol::{ClientId, Epoch, Event, Message, MessageId, RoomName, Seq, Timestamp, User};

use super::line::TranscriptLine;
use crate::file_links::FileLinks;

/// The rooms of this run and the printed part of each. Turns rows into lines without I/O.
#[derive(Debug)]
pub(crate) struct Transcript {
    /// Number of earlier messages that are printed when the user enters a room.
    history: usize,
    links: FileLinks,
    epoch: Option<Epoch>,
    rooms: BTreeMap<RoomName, RoomProgress>,
    /// Messages of this client that are not yet printed as stored.
    awaited: BTreeSet<ClientId>,
}

/// The printed part of one room.
#[derive(Debug, Default)]
struct RoomProgress {
    /// All rows up to this position are printed.
    up_to: Option<Seq>,
    /// The position around which rows were last requested, so that they are not requested for ever.
    asked_around: Option<Seq>,
    /// The printed state of each message that the timeline holds.
    versions: BTreeMap<MessageId, PrintedVersion>,
    greeted: Option<User>,
}

#[derive(Debug, PartialEq, Eq)]
struct PrintedVersion {
    edited_at: Option<Timestamp>,
    gone: bool,
}

/// Lines to print, and a request for rows that are missing.
#[derive(Debug, Default)]
pub(crate) struct TranscriptOutput {
    pub(crate) lines: Vec<TranscriptLine>,
    pub(crate) command: Option<Intent>,
}

impl Transcript {
    pub(crate) fn new(history: usize, links: FileLinks) -> Self {
        Self { history, links, epoch: None, rooms: BTreeMap::new(), awaited: BTreeSet::new() }
    }

    /// Registers a message of this client, which is printed whenever it is stored.
    pub(crate) fn await_mine(&mut self, client_id: ClientId) {
        self.awaited.insert(client_id);
    }

    /// Removes a message that will not be stored.
    pub(crate) fn give_up(&mut self, client_id: ClientId) {
        self.awaited.remove(&client_id);
    }

    /// Whether a message of this client is not yet printed as stored.
    pub(crate) fn awaits_mine(&self) -> bool {
        !self.awaited.is_empty()
    }

    /// The user enters the room, for the first time or again.
    pub(crate) fn enter(&mut self, room: &RoomName) {
        if let Some(progress) = self.rooms.get_mut(room) {
            progress.greeted = None;
        }
    }

    /// Returns the position up to which the room is printed; `None` before the user was in it.
    pub(crate) fn up_to(&self, room: &RoomName) -> Option<Seq> {
        self.rooms.get(room)?.up_to
    }

    /// Starts anew under another epoch, because positions of the previous epoch are invalid.
    pub(crate) fn begin(&mut self, epoch: &Epoch) {
        if self.epoch.as_ref().is_some_and(|known| known != epoch) {
            self.rooms.clear();
        }
        self.epoch = Some(epoch.clone());
    }

    /// Returns the new lines of the room.
    pub(crate) fn new_lines(&mut self, room: &RoomState, me: &User) -> TranscriptOutput {
        let mut output = TranscriptOutput::default();
        let progress = self.rooms.entry(room.name.clone()).or_default();
        if room.timeline.loading() || (progress.up_to.is_none() && room.phase() != Phase::Live) {
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
        output.lines.extend(progress.print_rows(room, before, &mut self.awaited, (me, &self.links)));
        if room.timeline.has_newer() && !room.timeline.loading_newer() {
            output.command = Some(Intent::Newer { room: room.name.clone() });
        }
        output
    }
}

impl RoomProgress {
    /// Returns the position at which to begin, so that `history` earlier messages are printed.
    fn begin_before(&self, room: &RoomState, history: usize) -> Seq {
        let end = room.timeline.cursor().unwrap_or_default();
        let first = room.timeline.saved().rev().filter(|message| message.text.is_some()).take(history).last();
        first.map_or(end, |message| Seq(message.seq.0.saturating_sub(1)))
    }

    /// If the timeline begins after the last printed row, requests the rows between them first.
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
            // The rows were received, and none of them is closer to the printed rows.
            return None;
        }
        self.asked_around = Some(before);
        Some(Intent::Around { room: room.name.clone(), seq: before })
    }

    /// Returns the lines of rows after `before`, of messages that this client awaits, and of messages that have changed
    /// since they were printed. Records that they are printed.
    fn print_rows(
        &mut self,
        room: &RoomState,
        before: Seq,
        awaited: &mut BTreeSet<ClientId>,
        (me, links): (&User, &FileLinks),
    ) -> impl Iterator<Item = TranscriptLine> + use<> {
        let mut up_to = before;
        let mut versions = BTreeMap::new();
        let mut lines = Vec::new();
        for row in room.timeline.rows() {
            match row.state {
                RowState::Saved(message) => {
                    let mine = message.author.id == me.id;
                    let was_awaited = mine && awaited.remove(&message.client_id);
                    let is_new = was_awaited || message.seq > before;
                    let known = self.versions.remove(&message.id);
                    if row.changing && !is_new {
                        // The changed text is not stored yet, so the former one stays.
                        versions.extend(known.map(|known| (message.id, known)));
                        continue;
                    }
                    let version = PrintedVersion::of(&message);
                    let line = if is_new {
                        TranscriptLine::said(&message, mine, links)
                    } else {
                        known.and_then(|known| changed(&known, &version, &message, (mine, links)))
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
        if !room.timeline.has_newer() {
            up_to = up_to.max(room.timeline.cursor().unwrap_or_default());
        }
        self.up_to = Some(up_to);
        self.versions = versions;
        // Lines are printed in the order of events, because an edit may be between two messages.
        lines.sort_by_key(|(seq, _)| *seq);
        lines.into_iter().map(|(_, line)| line)
    }
}

impl PrintedVersion {
    fn of(message: &Message) -> Self {
        Self { edited_at: message.edited_at, gone: message.text.is_none() }
    }
}

/// Returns the line for a printed message that has changed.
fn changed(
    known: &PrintedVersion,
    now: &PrintedVersion,
    message: &Message,
    (mine, links): (bool, &FileLinks),
) -> Option<TranscriptLine> {
    if known == now {
        None
    } else if now.gone {
        Some(TranscriptLine::notice(format!("a message by {} was deleted", message.author.name)))
    } else {
        TranscriptLine::said(message, mine, links)
    }
}

/// Returns the line of a notice. Notices about the user of this client are not printed.
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
