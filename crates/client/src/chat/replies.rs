//! Routes the replies and refusals of requests to the parts of the chat that sent them.

use hubbub_protocol::{Answer, Code, Refusal, Retry};

use super::Chat;
use crate::Millis;
use crate::output::ClientOutput;
use crate::requests::Request;
use crate::unsent::Unsent;

/// Handles the reply to a request. Returns `false` if it does not match the request.
pub(crate) fn on_reply(
    chat: &mut Chat,
    request: Request,
    answer: Answer,
    now: Millis,
    out: &mut ClientOutput,
) -> bool {
    let Chat { rooms, unsent, queries, .. } = chat;
    let Unsent { posts, changes, .. } = unsent;
    match (request, answer) {
        (Request::Join(room), Answer::Joined(joined)) if joined.room.name == room => {
            if let Some(state) = rooms.get_mut(&room) {
                state.on_joined(joined, now, out);
                changes.show(&room, rooms, out);
            }
        }
        (Request::Leave(room), Answer::Left { room: left }) if room == left => {
            chat.on_left(&room, true, out);
        }
        (Request::Post(client_id), Answer::Posted(posted)) => {
            return posts.on_reply(client_id, posted, rooms, out);
        }
        (Request::Change { room, change_id }, Answer::Done { room: done, seq }) if room == done => {
            changes.on_reply(&room, change_id, seq, rooms, out);
        }
        (Request::Read(room), Answer::Read(state)) if state.room == room => {
            rooms.on_read_reply(&state, out);
        }
        (Request::History { room, ask }, Answer::History(page)) if page.room == room => {
            let state = rooms.get_mut(&room);
            if state.is_some_and(|state| state.timeline.on_reply(ask, page, now)) {
                out.room(&room).timeline = true;
                unsent.on_rows_replaced(&room, rooms, out);
            }
        }
        (Request::Rooms, Answer::Rooms { rooms }) => chat.on_room_list(rooms, now, out),
        (Request::Browse { number, further }, Answer::Browsed(browsed)) => {
            queries.browse.on_reply(number, further, browsed, out);
        }
        (Request::Edits { message_id, .. }, Answer::Edits(edits)) if edits.message_id == message_id => {
            queries.edit_history.on_reply(edits, out);
        }
        (Request::Appear, Answer::Appearance(appearance)) => {
            queries.appearance.on_reply(appearance, out);
        }
        (Request::Ping, Answer::Pong {}) | (Request::Type, Answer::Typed {}) => {}
        _ => return false,
    }
    true
}

/// Handles the refusal of a request.
pub(crate) fn on_refusal(
    chat: &mut Chat,
    request: Request,
    refusal: Refusal,
    now: Millis,
    out: &mut ClientOutput,
) {
    let Chat { rooms, unsent, queries, .. } = chat;
    let Unsent { posts, changes, .. } = unsent;
    let later = refusal.retry == Retry::Later;
    match request {
        Request::Join(room) => chat.on_join_refused(&room, refusal, now, out),
        Request::Leave(room) => chat.on_leave_refused(&room, refusal, now, out),
        Request::Post(client_id) => posts.on_refusal(client_id, refusal, rooms, now, out),
        Request::Change { room, change_id } => {
            if changes.on_refusal(change_id, &refusal, rooms.get_mut(&room), now, out) {
                changes.give_up(change_id, &refusal, rooms, posts, out);
            }
        }
        Request::Read(room) => rooms.on_read_refused(&room, &refusal, now, out),
        Request::History { room, ask } => rooms.on_page_refused(&room, ask, &refusal, now, out),
        Request::Edits { room, .. } => {
            let not_joined = refusal.code == Code::NotJoined;
            queries.edit_history.on_refusal(later || not_joined, now);
            if let Some(room) = rooms.get_mut(&room).filter(|_| not_joined) {
                room.rejoin(now, out);
            } else if !not_joined && !later {
                out.refused(&room, refusal);
            }
        }
        Request::Rooms => queries.room_list.on_refusal(later, now),
        Request::Browse { number, .. } => queries.browse.on_refusal(number, later, now),
        Request::Appear => queries.appearance.on_refusal(later, now, out),
        Request::Ping | Request::Type => {}
    }
}
