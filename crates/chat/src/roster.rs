//! The people of a room: its members, and which of them are there.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use hubbub_protocol::{
    ABSENCE_GRACE_MILLIS, MAX_PEOPLE_LISTED, MAX_READERS_SHOWN, Millis, Person, Presence, ReadMark, Seq,
    Signal, User, UserId,
};

use crate::{ConnectionId, MemberRecord};

/// Milliseconds between two signals about who is there. The first change is told at once; a crowd that
/// comes back together after a restart is told in few signals and not in one for each.
pub const PEOPLE_SIGNAL_INTERVAL_MILLIS: u64 = 100;

/// How a connection wants its user to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisplayedPresence {
    /// Whether they are there.
    pub presence: Presence,
    /// Whether others may see up to where they have read.
    pub share_reads: bool,
}

/// The members of a room and their connections: several connections of one user are one person, and who comes
/// back within [`ABSENCE_GRACE_MILLIS`] was never gone.
#[derive(Debug, Default)]
pub struct Roster {
    members: BTreeMap<UserId, RosterMember>,
    connections: HashMap<ConnectionId, UserId>,
    /// Those who are seen to be there.
    here: BTreeSet<UserId>,
    /// Whose last connection has closed, and when; in order.
    absent: VecDeque<(Millis, UserId)>,
    /// Whose presence or membership changed since the last signal. Also who came and went: somebody may have
    /// come in between and seen them there, or not.
    untold: BTreeSet<UserId>,
    last_signal: Option<Millis>,
}

#[derive(Debug)]
struct RosterMember {
    user: User,
    read: Seq,
    share_reads: bool,
    /// How each connection of theirs shows them; few.
    shown_by: Vec<(ConnectionId, Presence)>,
    /// How others see them.
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
    /// The members as they are stored; nobody is there.
    #[must_use]
    pub fn new(members: Vec<MemberRecord>) -> Self {
        let members = members.into_iter().map(|record| (record.user.id, RosterMember::new(record))).collect();
        Self { members, ..Self::default() }
    }

    /// Somebody becomes a member. Becoming one twice does no harm.
    pub fn add_member(&mut self, record: MemberRecord) {
        let id = record.user.id;
        self.members.entry(id).or_insert_with(|| {
            self.untold.insert(id);
            RosterMember::new(record)
        });
    }

    /// Somebody ceases to be a member, and all their connections go.
    pub fn remove_member(&mut self, user: UserId) {
        if let Some(member) = self.members.remove(&user) {
            for (connection, _) in member.shown_by {
                self.connections.remove(&connection);
            }
            self.here.remove(&user);
            self.untold.insert(user);
        }
    }

    /// A member is called otherwise from now on.
    pub fn rename(&mut self, user: &User) {
        if let Some(member) = self.members.get_mut(&user.id)
            && member.user != *user
        {
            member.user = user.clone();
            self.untold.insert(user.id);
        }
    }

    /// Whether somebody is a member.
    #[must_use]
    pub fn is_member(&self, user: UserId) -> bool {
        self.members.contains_key(&user)
    }

    /// A connection of a member comes in. Coming in twice does no harm.
    pub fn enter(&mut self, connection: ConnectionId, user: UserId, presence: Presence) {
        if !self.members.contains_key(&user) {
            return;
        }
        self.connections.insert(connection, user);
        self.show(connection, presence);
    }

    /// A connection goes. One that was not there does no harm.
    pub fn leave(&mut self, connection: ConnectionId, now: Millis) {
        let Some(user) = self.connections.remove(&connection) else { return };
        let Some(member) = self.members.get_mut(&user) else { return };
        member.shown_by.retain(|(other, _)| *other != connection);
        if member.shown_by.is_empty() {
            member.absent_since = Some(now);
            self.absent.push_back((now, user));
        } else {
            self.look_at(user);
        }
    }

    /// A connection shows its user so from now on.
    pub fn show(&mut self, connection: ConnectionId, presence: Presence) {
        let Some(user) = self.connections.get(&connection).copied() else { return };
        let Some(member) = self.members.get_mut(&user) else { return };
        member.absent_since = None;
        match member.shown_by.iter_mut().find(|(other, _)| *other == connection) {
            Some((_, shown)) => *shown = presence,
            None => member.shown_by.push((connection, presence)),
        }
        self.look_at(user);
    }

    /// Lets the grace of those who are gone run out.
    fn settle(&mut self, now: Millis) {
        while let Some((since, user)) = self.absent.front().copied()
            && now.since(since) >= ABSENCE_GRACE_MILLIS
        {
            self.absent.pop_front();
            if self.members.get(&user).is_some_and(|member| member.absent_since == Some(since)) {
                self.see(user, Presence::Offline);
            }
        }
    }

    /// How somebody who has connections is seen: as the one that shows most of them does.
    fn look_at(&mut self, user: UserId) {
        let Some(member) = self.members.get(&user) else { return };
        if let Some(presence) = member.shown_by.iter().map(|(_, shown)| *shown).min() {
            self.see(user, presence);
        }
    }

    fn see(&mut self, user: UserId, presence: Presence) {
        let Some(member) = self.members.get_mut(&user) else { return };
        if member.presence != presence {
            member.presence = presence;
            self.untold.insert(user);
        }
        if presence == Presence::Offline {
            self.here.remove(&user);
        } else {
            self.here.insert(user);
        }
    }

    /// Up to where a member has read. What is to be told, if anybody may see it and it changed.
    pub fn set_read(&mut self, user: UserId, read: Seq) -> Option<ReadMark> {
        let shown = self.members.len() <= MAX_READERS_SHOWN;
        let member = self.members.get_mut(&user)?;
        let changed = member.read != read;
        member.read = read;
        (changed && shown && member.share_reads).then(|| member.mark())
    }

    /// Whether others may see up to where a member has read. What is to be told, if it changed.
    pub fn set_share_reads(&mut self, user: UserId, share: bool) -> Option<ReadMark> {
        let shown = self.members.len() <= MAX_READERS_SHOWN;
        let member = self.members.get_mut(&user)?;
        let changed = member.share_reads != share;
        member.share_reads = share;
        (changed && shown).then(|| member.mark())
    }

    /// Up to where a member has read.
    #[must_use]
    pub fn read(&self, user: UserId) -> Seq {
        self.members.get(&user).map_or(Seq(0), |member| member.read)
    }

    /// Up to where the members have read who share it; nothing in a larger room.
    #[must_use]
    pub fn marks(&self) -> Vec<ReadMark> {
        if self.members.len() > MAX_READERS_SHOWN {
            return Vec::new();
        }
        self.members.values().map(RosterMember::mark).filter(|mark| mark.seq > Seq(0)).collect()
    }

    /// Whose connection that is, if it is in the room.
    #[must_use]
    pub fn user_of(&self, connection: ConnectionId) -> Option<&User> {
        self.connections.get(&connection).and_then(|user| self.members.get(user)).map(|member| &member.user)
    }

    /// Whether others see that somebody is there.
    #[must_use]
    pub fn is_here(&self, user: UserId) -> bool {
        self.here.contains(&user)
    }

    /// Whether no connection is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    /// The connections, in no order.
    pub fn connections(&self) -> impl Iterator<Item = ConnectionId> {
        self.connections.keys().copied()
    }

    /// The members, those who are there first: at most [`MAX_PEOPLE_LISTED`], the longest known users first.
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

    /// How many people are there.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.here.len()).unwrap_or(u32::MAX)
    }

    /// How many members there are.
    #[must_use]
    pub fn members(&self) -> u32 {
        u32::try_from(self.members.len()).unwrap_or(u32::MAX)
    }

    /// Whether there are too many to be named one by one.
    #[must_use]
    pub fn is_crowd(&self) -> bool {
        self.members.len() > MAX_PEOPLE_LISTED
    }

    /// When [`Roster::signal`] has something to tell.
    #[must_use]
    pub fn signal_due(&self) -> Option<Millis> {
        let grace = self.absent.front().map(|(since, _)| since.plus(ABSENCE_GRACE_MILLIS));
        let untold = (!self.untold.is_empty())
            .then(|| self.last_signal.map_or(Millis(0), |last| last.plus(PEOPLE_SIGNAL_INTERVAL_MILLIS)));
        grace.into_iter().chain(untold).min()
    }

    /// What has changed since the last signal, if it is time to tell.
    pub fn signal(&mut self, now: Millis) -> Option<Signal> {
        self.settle(now);
        let last = self.last_signal.map_or(Millis(0), |last| last.plus(PEOPLE_SIGNAL_INTERVAL_MILLIS));
        if self.untold.is_empty() || now < last {
            return None;
        }
        self.last_signal = Some(now);
        let untold = std::mem::take(&mut self.untold);
        let (mut changed, mut departed) = (Vec::new(), Vec::new());
        if !self.is_crowd() {
            for id in untold {
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
