//! Turns the changes of the client's state into lines.

use hubbub_client::{Intent, LinkState, Phase};
use hubbub_protocol::{Millis, Retry};

use super::ChatTask;
use crate::terminal::answers;
use crate::terminal::line::TranscriptLine;
use crate::terminal::live;
use crate::terminal::shutdown::ShutdownStage;

impl ChatTask {
    pub(super) fn show(&mut self, now: Millis) {
        let change_set = self.client.take_change_set();
        if matches!(self.stage, ShutdownStage::Leaving { .. } | ShutdownStage::Over) {
            return;
        }
        if let Some(hello) = self.client.hello() {
            self.transcript.begin(&hello.epoch);
        }
        let room = self.client.room(&self.room);
        self.lines.extend(
            self.notices.on_state(self.client.link(), room.map(hubbub_client::RoomState::phase).as_ref()),
        );
        if let LinkState::Stopped { reason: Some(reason) } = *self.client.link() {
            self.give_up(format!("disconnected by the server: {}", reason.text()));
            return;
        }
        if change_set.rooms.get(&self.room).is_some_and(|room| room.timeline || room.phase) || change_set.me {
            self.show_room(now);
        }
        if change_set.outbox {
            self.show_failed(now);
        }
        if change_set.browsed && std::mem::take(&mut self.listing) {
            self.lines.push(answers::rooms(&self.client, &self.room));
        }
    }

    fn show_room(&mut self, now: Millis) {
        let (Some(room), Some(me)) = (self.client.room(&self.room), self.client.me()) else { return };
        let output = self.transcript.new_lines(room, me);
        let phase = room.phase();
        self.lines.extend(output.lines);
        if let Some(command) = output.command {
            self.client.handle(command, now);
        }
        if self.options.at_terminal
            && let Some(seq) = self.transcript.up_to(&self.room)
        {
            self.client.handle(Intent::Seen { room: self.room.clone(), seq }, now);
        }
        match phase {
            Phase::Live => self.refused = None,
            Phase::Joining => {}
            Phase::Refused(refusal) => self.show_refused(refusal.message, refusal.retry == Retry::Never),
            Phase::Left => self.show_refused(format!("you left {} on another device", self.room), true),
        }
    }

    /// Prints that the room refuses the user. A retry with the same result is not printed again.
    fn show_refused(&mut self, why: String, for_good: bool) {
        if self.refused.as_ref() != Some(&why) {
            self.lines.push(TranscriptLine::error(&why));
            if for_good && !self.options.person {
                self.give_up(why.clone());
            }
        }
        self.refused = Some(why);
    }

    /// Prints the messages that the server refuses, and removes them from the queue.
    fn show_failed(&mut self, now: Millis) {
        let failed = self.client.outbox().entries().filter_map(|entry| {
            entry.failed.as_ref().map(|refusal| (entry.client_id, entry.text.clone(), refusal.clone()))
        });
        for (client_id, text, refusal) in failed.collect::<Vec<_>>() {
            self.lines.push(TranscriptLine::not_sent(text.as_str(), &refusal));
            self.report_unsent(text.as_str());
            self.transcript.give_up(client_id);
            self.client.handle(Intent::Cancel { client_id }, now);
        }
    }

    /// Prints the lines, and the changing rows below them.
    pub(super) fn print(&mut self) {
        let room = self.client.room(&self.room).filter(|_| self.options.at_terminal);
        let live = room.map(|room| live::rows(room, self.client.link().is_online())).unwrap_or_default();
        let drawn = self.display.draw(&self.lines, &live, format_args!("{}> ", self.room));
        self.output.write(&drawn);
        self.lines.clear();
    }
}
