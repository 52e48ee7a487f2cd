//! What somebody types, and what becomes of it.

use crossterm::event::Event;
use hubbub_client::{Intent, RowState};
use hubbub_protocol::{ClientId, MessageId, MessageText, Millis, RoomName};

use super::ChatTask;
use crate::clock::wall_time;
use crate::terminal::answers;
use crate::terminal::face::Face;
use crate::terminal::farewell::Stage;
use crate::terminal::input::Typed;
use crate::terminal::keys::{self, Pressed};
use crate::terminal::line::{Line, beginning};
use crate::terminal::wish::{self, Unclear, Wish};

impl ChatTask {
    pub(super) fn on_typed(&mut self, typed: Typed, now: Millis) {
        match typed {
            Typed::Line(line) => self.on_line(&line, now),
            Typed::Key(event) => self.on_key(event, now),
            Typed::End => {
                self.input_ended = true;
                self.go(true, now);
            }
        }
    }

    fn on_key(&mut self, event: Event, now: Millis) {
        let Face::Screen { screen, editor } = &mut self.face else { return };
        let pressed = match event {
            Event::Key(key) => keys::press(editor, key),
            Event::Paste(text) => {
                editor.insert(&text);
                Pressed::Written
            }
            Event::Resize(columns, rows) => {
                screen.resize(columns, rows);
                return;
            }
            _ => return,
        };
        self.client.handle(Intent::Active, now);
        match pressed {
            Pressed::Moved => {}
            Pressed::Written => {
                let text = editor.text();
                let on = !text.trim().is_empty() && (!text.starts_with('/') || text.starts_with("//"));
                self.client.handle(Intent::Typing { room: self.room.clone(), on }, now);
            }
            Pressed::Redraw => {
                let cleared = screen.clear();
                self.output.write(&cleared);
            }
            Pressed::Leave => self.go(false, now),
            Pressed::Entered(line) if self.stage == Stage::Talking => self.on_line(&line, now),
            // One is going already: what is written now is not said any more.
            Pressed::Entered(_) => {}
        }
    }

    fn on_line(&mut self, line: &str, now: Millis) {
        let wish = if self.setting.person { wish::understand(line) } else { wish::take_literally(line) };
        match wish {
            None => {}
            Some(Ok(wish)) => self.fulfil(wish, line, now),
            Some(Err(Unclear::Command(why))) => self.lines.push(Line::error(why)),
            Some(Err(Unclear::Text(refusal))) => {
                self.lines.push(Line::not_sent(line, &refusal));
                self.note_failure(line);
            }
        }
    }

    /// A person gets the text back; who starts a script hears of it when it ends.
    pub(super) fn note_failure(&mut self, text: &str) {
        if self.setting.person {
            self.face.give_back(text);
        } else {
            self.complaints.push(format!("refused: {}", beginning(text)));
        }
    }

    fn fulfil(&mut self, wish: Wish, line: &str, now: Millis) {
        match wish {
            Wish::Say(text) => self.say(text, line, now),
            Wish::Help => self.lines.push(Line::notice(format!("commands\n{}", wish::HELP))),
            Wish::Join(room) => self.join(room, now),
            Wish::Quit => self.go(false, now),
            Wish::Edit(text) => self.edit(text, line, now),
            Wish::Who | Wish::Rooms if !self.client.link().is_online() => {
                self.lines.push(Line::error("there is no connection now"));
            }
            Wish::Who => self.lines.extend(self.client.room(&self.room).map(answers::who)),
            Wish::Rooms => {
                self.listing = true;
                self.client.handle(Intent::Browse { query: String::new(), after: None }, now);
            }
        }
    }

    fn say(&mut self, text: MessageText, line: &str, now: Millis) {
        if !self.client.can_post() {
            self.lines.push(Line::error("too many messages wait for the connection already"));
            self.note_failure(line);
            return;
        }
        let client_id = ClientId::from_random_bytes(rand::random());
        self.transcript.await_mine(client_id);
        let room = self.room.clone();
        let post = Intent::Post { room, client_id, text, at: wall_time(), reply_to: None };
        self.client.handle(post, now);
    }

    fn join(&mut self, room: RoomName, now: Millis) {
        if room == self.room && self.refused.is_none() {
            self.lines.push(Line::notice(format!("you are in {room} already")));
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
                self.lines.push(Line::error(why));
                self.note_failure(line);
            }
        }
    }

    /// The last message of mine here that can be changed.
    fn my_last(&self) -> Result<MessageId, &'static str> {
        let me = self.client.me().map(|me| me.id);
        let rows = self.client.room(&self.room).into_iter().flat_map(|room| room.timeline.rows().rev());
        for row in rows {
            match row.state {
                RowState::Saved(message) if Some(message.author.id) == me && message.text.is_some() => {
                    return Ok(message.id);
                }
                RowState::Pending(_) | RowState::Sent { .. } => {
                    return Err("your last message is not stored yet; edit it when it is");
                }
                _ => {}
            }
        }
        Err("there is no message of yours here to edit")
    }
}
