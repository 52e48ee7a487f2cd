//! The roster of a room: its members and their presence.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use hubbub_protocol::{
    ABSENCE_GRACE_MILLIS, MAX_PEOPLE_LISTED, MAX_READERS_SHOWN, Millis, Person, Presence, ReadMark, Seq,
    Signal, User, UserId,
};

use crate::{ConnectionId, MemberRecord};

/// Milliseconds between two roster signals. The first change is sent at once; many users who reconnect after
/// a restart are combined into few signals.
pub const PEOPLE_SIGNAL_INTERVAL_MILLIS: u64 = 100;

/// How a connection shows its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisplayedPresence {
    /// Presence of the user.
    pub presence: Presence,
    /// Whether other users may see the user's read positions.
    pub share_reads: bool,
}

/// The members of a room and their connections. All connections of a user count as one person, and a user who
/// reconnects within [`ABSENCE_GRACE_MILLIS`] stays present.
#[derive(Debug, Default)]
pub struct Roster {
    members: BTreeMap<UserId, RosterMember>,
    connections: HashMap<ConnectionId, UserId>,
    /// Users who are shown as present.
    here: BTreeSet<UserId>,
    /// Users whose last connection has closed, with the time, in order.
    absent: VecDeque<(Millis, UserId)>,
    /// Users whose presence or membership changed since the last signal. Includes users who came and went,
    /// because a client that entered meanwhile may have them in its list.
    unreported: BTreeSet<UserId>,
    last_signal: Option<Millis>,
}

#[derive(Debug)]
struct RosterMember {
    user: User,
    read: Seq,
    share_reads: bool,
    /// Presence on each connection of the user; few entries.
    shown_by: Vec<(ConnectionId, Presence)>,
    /// Presence as other users see it.
    presence: Presence,
    absent_since: Option<Millis>,
}

impl RosterMember {
    fn new(record: MemberRecord) -> Self {
        let MemberRecord { user, read, share_reads } = record;
        Self {
            user,
            read,
            share_reads,
            shown_by: Vec::new(),
            presence: Presence::Offline,
            absent_since: None,
        }
    }

    const fn mark(&self) -> ReadMark {
        ReadMark { user: self.user.id, seq: if self.share_reads { self.read } else { Seq(0) } }
    }
}

impl Roster {
    /// Creates a roster of stored members, all offline.
    #[must_use]
    pub fn new(members: Vec<MemberRecord>) -> Self {
        let members = members.into_iter().map(|record| (record.user.id, RosterMember::new(record))).collect();
        Self { members, ..Self::default() }
    }

    /// Adds a member. A second call changes nothing.
    pub fn add_member(&mut self, record: MemberRecord) {
        let id = record.user.id;
        self.members.entry(id).or_insert_with(|| {
            self.unreported.insert(id);
            RosterMember::new(record)
        });
    }

    /// Removes a member and all the member's connections, and returns these connections.
    pub fn remove_member(&mut self, user: UserId) -> Vec<ConnectionId> {
        let Some(member) = self.members.remove(&user) else { return Vec::new() };
        let connections: Vec<_> = member.shown_by.into_iter().map(|(connection, _)| connection).collect();
        for connection in &connections {
            self.connections.remove(connection);
        }
        self.here.remove(&user);
        self.unreported.insert(user);
        connections
    }

    /// Renames a member.
    pub fn rename(&mut self, user: &User) {
        if let Some(member) = self.members.get_mut(&user.id)
            && member.user != *user
        {
            member.user = user.clone();
            self.unreported.insert(user.id);
        }
    }

    /// Returns whether a user is a member.
    #[must_use]
    pub fn is_member(&self, user: UserId) -> bool {
        self.members.contains_key(&user)
    }

    /// Adds a connection of a member, and returns whether the user is a member. A second call changes nothing.
    pub fn enter(&mut self, connection: ConnectionId, user: UserId, presence: Presence) -> bool {
        if !self.members.contains_key(&user) {
            return false;
        }
        self.connections.insert(connection, user);
        self.show(connection, presence);
        true
    }

    /// Removes a connection. Unknown connections are ignored.
    pub fn leave(&mut self, connection: ConnectionId, now: Millis) {
        let Some(user) = self.connections.remove(&connection) else { return };
        let Some(member) = self.members.get_mut(&user) else { return };
        member.shown_by.retain(|(other, _)| *other != connection);
        if member.shown_by.is_empty() {
            member.absent_since = Some(now);
            self.absent.push_back((now, user));
        } else {
            self.update_presence(user);
        }
    }

    /// Changes the presence that a connection shows.
    pub fn show(&mut self, connection: ConnectionId, presence: Presence) {
        let Some(user) = self.connections.get(&connection).copied() else { return };
        let Some(member) = self.members.get_mut(&user) else { return };
        member.absent_since = None;
        match member.shown_by.iter_mut().find(|(other, _)| *other == connection) {
            Some((_, shown)) => *shown = presence,
            None => member.shown_by.push((connection, presence)),
        }
        self.update_presence(user);
    }

    /// Sets users offline whose grace period has ended.
    fn settle(&mut self, now: Millis) {
        while let Some((since, user)) = self.absent.front().copied()
            && now.since(since) >= ABSENCE_GRACE_MILLIS
        {
            self.absent.pop_front();
            if self.members.get(&user).is_some_and(|member| member.absent_since == Some(since)) {
                self.set_presence(user, Presence::Offline);
            }
        }
    }

    /// Updates the presence of a connected user to the most present of the user's connections.
    fn update_presence(&mut self, user: UserId) {
        let Some(member) = self.members.get(&user) else { return };
        if let Some(presence) = member.shown_by.iter().map(|(_, shown)| *shown).min() {
            self.set_presence(user, presence);
        }
    }

    fn set_presence(&mut self, user: UserId, presence: Presence) {
        let Some(member) = self.members.get_mut(&user) else { return };
        if member.presence != presence {
            member.presence = presence;
            self.unreported.insert(user);
        }
        if presence == Presence::Offline {
            self.here.remove(&user);
        } else {
            self.here.insert(user);
        }
    }

    /// Sets a member's read position. Returns the mark to send if it changed and is visible to other members.
    pub fn set_read(&mut self, user: UserId, read: Seq) -> Option<ReadMark> {
        let shown = self.members.len() <= MAX_READERS_SHOWN;
        let member = self.members.get_mut(&user)?;
        let changed = member.read != read;
        member.read = read;
        (changed && shown && member.share_reads).then(|| member.mark())
    }

    /// Sets whether other users may see a member's read position. Returns the mark to send if it changed.
    pub fn set_share_reads(&mut self, user: UserId, share: bool) -> Option<ReadMark> {
        let shown = self.members.len() <= MAX_READERS_SHOWN;
        let member = self.members.get_mut(&user)?;
        let changed = member.share_reads != share;
        member.share_reads = share;
        (changed && shown).then(|| member.mark())
    }

    /// Returns the read position of a member.
    #[must_use]
    pub fn read(&self, user: UserId) -> Seq {
        self.members.get(&user).map_or(Seq(0), |member| member.read)
    }

    /// Returns the read positions of members who share them; empty in a large room.
    #[must_use]
    pub fn marks(&self) -> Vec<ReadMark> {
        if self.members.len() > MAX_READERS_SHOWN {
            return Vec::new();
        }
        self.members.values().map(RosterMember::mark).filter(|mark| mark.seq > Seq(0)).collect()
    }

    /// Returns the user of a connection, if the connection is in the room.
    #[must_use]
    pub fn user_of(&self, connection: ConnectionId) -> Option<&User> {
        self.connections.get(&connection).and_then(|user| self.members.get(user)).map(|member| &member.user)
    }

    /// Returns whether other users see the user as present.
    #[must_use]
    pub fn is_here(&self, user: UserId) -> bool {
        self.here.contains(&user)
    }

    /// Returns whether the room has no connections.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    /// Returns the number of connections.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Returns the members, present ones first and then by user id: at most [`MAX_PEOPLE_LISTED`].
    #[must_use]
    pub fn list(&self) -> Vec<Person> {
        let here = self.here.iter().filter_map(|user| self.members.get(user));
        let gone =
            self.members.iter().filter(|(user, _)| !self.here.contains(user)).map(|(_, member)| member);
        here.chain(gone)
            .take(MAX_PEOPLE_LISTED)
            .map(|member| Person { user: member.user.clone(), presence: member.presence })
            .collect()
    }

    /// Returns the number of users who are present.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.here.len()).unwrap_or(u32::MAX)
    }

    /// Returns the number of members.
    #[must_use]
    pub fn members(&self) -> u32 {
        u32::try_from(self.members.len()).unwrap_or(u32::MAX)
    }

    /// Returns whether the room has too many members to list each.
    #[must_use]
    pub fn is_crowd(&self) -> bool {
        self.members.len() > MAX_PEOPLE_LISTED
    }

    /// Returns the time at which [`Roster::signal`] has a change to report.
    #[must_use]
    pub fn signal_due(&self) -> Option<Millis> {
        let grace = self.absent.front().map(|(since, _)| since.plus(ABSENCE_GRACE_MILLIS));
        let unreported = (!self.unreported.is_empty())
            .then(|| self.last_signal.map_or(Millis(0), |last| last.plus(PEOPLE_SIGNAL_INTERVAL_MILLIS)));
        grace.into_iter().chain(unreported).min()
    }

    /// Returns the changes since the last signal, if the interval has passed.
    pub fn signal(&mut self, now: Millis) -> Option<Signal> {
        self.settle(now);
        let last = self.last_signal.map_or(Millis(0), |last| last.plus(PEOPLE_SIGNAL_INTERVAL_MILLIS));
        if self.unreported.is_empty() || now < last {
            return None;
        }
        self.last_signal = Some(now);
        let unreported = std::mem::take(&mut self.unreported);
        let (mut changed, mut departed) = (Vec::new(), Vec::new());
        if !self.is_crowd() {
            for id in unreported {
                match self.members.get(&id) {
                    Some(member) => {
                        changed.push(Person { user: member.user.clone(), presence: member.presence });
                    }
                    None => departed.push(id),
                }
            }
        }
        Some(Signal::People { changed, departed, count: self.count(), members: self.members() })
    }
}

#[cfg(test)]
mod tests;
