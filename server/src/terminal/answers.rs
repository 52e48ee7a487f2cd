//! The output of `/who` and `/rooms`.

use std::collections::BTreeMap;

use hubbub_client::{Client, RoomState};
use hubbub_protocol::{Presence, RoomName};

use super::line::TranscriptLine;

/// Returns the members of the room, those who are online first.
pub(crate) fn who(room: &RoomState) -> TranscriptLine {
    let mut people: Vec<String> = Vec::new();
    for person in room.people() {
        let presence = match person.presence {
            Presence::Online => "",
            Presence::Busy => " (busy)",
            Presence::Away => " (away)",
            Presence::Offline => " (offline)",
        };
        people.push(format!("{}{presence}", person.user.name));
    }
    let unnamed = (room.members() as usize).saturating_sub(people.len());
    if unnamed > 0 {
        people.push(format!("and {unnamed} more"));
    }
    TranscriptLine::notice(format!(
        "{} here, {}: {}",
        room.count(),
        members(room.members()),
        people.join(", ")
    ))
}

/// Returns the rooms of the user and the public rooms, by name.
pub(crate) fn rooms(client: &Client, here: &RoomName) -> TranscriptLine {
    let mut rooms: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for room in client.rooms().filter(|room| room.is_member()) {
        let facts = rooms.entry(room.name.as_str()).or_default();
        facts.push(if room.name == *here { "you are here" } else { "joined" }.to_owned());
        if room.unread() > 0 && room.name != *here {
            facts.push(format!("{} new", room.unread()));
        }
    }
    let browsed = client.browsed();
    for public in browsed.iter().flat_map(|browsed| &browsed.rooms) {
        let facts = rooms.entry(public.room.name.as_str()).or_default();
        facts.push(members(public.members));
        if !public.room.topic.is_empty() {
            facts.push(public.room.topic.as_str().to_owned());
        }
    }
    let mut lines: Vec<String> =
        rooms.iter().map(|(name, facts)| format!("{name}: {}", facts.join(", "))).collect();
    if browsed.is_some_and(|browsed| browsed.more) {
        lines.push("and more".to_owned());
    }
    TranscriptLine::notice(format!("rooms\n{}", lines.join("\n")))
}

fn members(count: u32) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{count} members") }
}
