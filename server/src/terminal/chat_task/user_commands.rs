//! Handles the lines that a user types.

use crossterm::event::Event;
use hubbub_client::{Intent, RowState};
use hubbub_protocol::{ClientId, MessageId, MessageText, Millis, RoomName};

use super::ChatTask;
use crate::clock::wall_time;
use crate::terminal::answers;
use crate::terminal::display::Display;
use crate::terminal::input::TypedInput;
use crate::terminal::keys::{self, KeyOutcome};
use crate::terminal::line::{TranscriptLine, beginning};
use crate::terminal::shutdown::ShutdownStage;
use crate::terminal::user_command::{self, ParseError, UserCommand};

impl ChatTask {
    pub(super) fn on_typed(&mut self, typed: TypedInput, now: Millis) {
        match typed {
            TypedInput::Line(line) => self.on_line(&line, now),
            TypedInput::Key(event) => self.on_key(event, now),
            TypedInput::End => {
                self.input_ended = true;
                self.go(true, now);
            }
        }
    }

    fn on_key(&mut self, event: Event, now: Millis) {
        let Display::Screen { screen, editor } = &mut self.display else { return };
        let pressed = match event {
            Event::Key(key) => keys::press(editor, key),
            Event::Paste(text) => {
                editor.insert(&text);
                KeyOutcome::Written
            }
            Event::Resize(columns, rows) => {
                screen.resize(columns, rows);
                return;
            }
            _ => return,
        };
        self.client.handle(Intent::Active, now);
        match pressed {
            KeyOutcome::Moved => {}
            KeyOutcome::Written => {
                let text = editor.text();
                let on = !text.trim().is_empty() && (!text.starts_with('/') || text.starts_with("//"));
                self.client.handle(Intent::Typing { room: self.room.clone(), on }, now);
            }
            KeyOutcome::Redraw => {
                let cleared = screen.clear();
                self.output.write(&cleared);
            }
            KeyOutcome::Leave => self.go(false, now),
            KeyOutcome::Entered(line) if self.stage == ShutdownStage::Running => self.on_line(&line, now),
            // The shutdown has begun, so a line entered now is not sent.
            KeyOutcome::Entered(_) => {}
        }
    }

    fn on_line(&mut self, line: &str, now: Millis) {
        let command =
            if self.options.person { user_command::parse(line) } else { user_command::parse_literal(line) };
        match command {
            None => {}
            Some(Ok(command)) => self.execute(command, line, now),
            Some(Err(ParseError::Command(why))) => self.lines.push(TranscriptLine::error(why)),
            Some(Err(ParseError::Text(refusal))) => {
                self.lines.push(TranscriptLine::not_sent(line, &refusal));
                self.report_unsent(line);
            }
        }
    }

    /// Returns the text to the editor if a person typed it; otherwise reports it when the run ends.
    pub(super) fn report_unsent(&mut self, text: &str) {
        if self.options.person {
            self.display.restore_input(text);
        } else {
            self.problems.push(format!("refused: {}", beginning(text)));
        }
    }

    fn execute(&mut self, command: UserCommand, line: &str, now: Millis) {
        match command {
            UserCommand::Say(text) => self.post(text, line, now),
            UserCommand::Help => {
                self.lines.push(TranscriptLine::notice(format!("commands\n{}", user_command::HELP)))
            }
            UserCommand::Join(room) => self.join(room, now),
            UserCommand::Quit => self.go(false, now),
            UserCommand::Edit(text) => self.edit(text, line, now),
            UserCommand::Who | UserCommand::Rooms if !self.client.link().is_online() => {
                self.lines.push(TranscriptLine::error("not connected"));
            }
            UserCommand::Who => self.lines.extend(self.client.room(&self.room).map(answers::who)),
            UserCommand::Rooms => {
                self.listing = true;
                self.client.handle(Intent::Browse { query: String::new(), after: None }, now);
            }
        }
    }

    fn post(&mut self, text: MessageText, line: &str, now: Millis) {
        if !self.client.can_post() {
            self.lines.push(TranscriptLine::error("too many unsent messages; wait for the connection"));
            self.report_unsent(line);
            return;
        }
        let client_id = ClientId::from_random_bytes(rand::random());
        self.transcript.await_mine(client_id);
        let room = self.room.clone();
        let (at, files) = (wall_time(), Vec::new());
        let post = Intent::Post { room, client_id, text, at, reply_to: None, files };
        self.client.handle(post, now);
    }

    fn join(&mut self, room: RoomName, now: Millis) {
        if room == self.room && self.refused.is_none() {
            self.lines.push(TranscriptLine::notice(format!("you are already in {room}")));
            return;
        }
        let before = std::mem::replace(&mut self.room, room.clone());
        if before != room {
            self.client.handle(Intent::Close { room: before }, now);
        }
        self.refused = None;
        self.transcript.enter(&room);
        self.client.handle(Intent::Open { room }, now);
    }

    fn edit(&mut self, text: MessageText, line: &str, now: Millis) {
        match self.my_last() {
            Ok(message_id) => {
                let edit = Intent::Edit { room: self.room.clone(), message_id, text, at: wall_time() };
                self.client.handle(edit, now);
            }
            Err(why) => {
                self.lines.push(TranscriptLine::error(why));
                self.report_unsent(line);
            }
        }
    }

    /// Returns the user's last message in this room that can be edited.
    fn my_last(&self) -> Result<MessageId, &'static str> {
        let me = self.client.me().map(|me| me.id);
        let rows = self.client.room(&self.room).into_iter().flat_map(|room| room.timeline.rows().rev());
        for row in rows {
            match row.state {
                RowState::Saved(message) if Some(message.author.id) == me && message.text.is_some() => {
                    return Ok(message.id);
                }
                RowState::Pending(_) | RowState::Sent { .. } => {
                    return Err("your last message is not stored yet; try again in a moment");
                }
                _ => {}
            }
        }
        Err("you have no message here that can be edited")
    }
}
