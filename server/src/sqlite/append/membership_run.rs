//! A run of joins and leaves, which four statements store.

use std::collections::HashMap;

use hubbub_chat::{AuthorizationContext, PendingEvent, RoomChange};
use hubbub_protocol::{RoomId, Seq, UserId};
use sqlx::sqlite::SqliteTransaction;

use crate::sqlite::rows;

/// The memberships that a run of joins and leaves concerns, and the changes to store. A run has at most one change of each
/// membership.
#[derive(Debug, Default)]
pub(super) struct MembershipRun {
    /// Whether the users are members of the rooms, before the run.
    members: HashMap<(UserId, RoomId), bool>,
    /// Number of rooms of each user, with the changes so far.
    counts: HashMap<UserId, usize>,
    joins: Vec<(i64, i64, String, i64)>,
    leaves: Vec<(i64, i64)>,
    events: Vec<(i64, i64, &'static str, String, i64, String)>,
}

impl MembershipRun {
    /// Reads the memberships that the run concerns.
    pub(super) async fn load(
        transaction: &mut SqliteTransaction<'_>,
        run: &[PendingEvent],
    ) -> Result<Self, sqlx::Error> {
        let keys: Vec<(UserId, RoomId)> = run
            .iter()
            .filter(|pending| matches!(pending.change, RoomChange::Join { .. } | RoomChange::Leave))
            .map(|pending| (pending.by.id, pending.room))
            .collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        // The result is one row, because sqlx passes each row through a channel.
        let json: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(
                 (SELECT count(*) FROM members WHERE user_id = move.value ->> 0),
                 EXISTS (SELECT 1 FROM members WHERE room_id = move.value ->> 1 AND user_id = move.value ->> 0))
                 ORDER BY move.key)
             FROM json_each(?1) AS move",
        )
        .bind(rows::encode(&keys)?)
        .fetch_one(&mut **transaction)
        .await?;
        let found: Vec<(usize, u8)> = rows::decode(&json)?;
        let mut memberships = Self::default();
        for ((user, room), (count, is_member)) in keys.into_iter().zip(found) {
            memberships.members.insert((user, room), is_member != 0);
            memberships.counts.insert(user, count);
        }
        Ok(memberships)
    }

    /// Returns the data for the authorization of a join or leave of the run.
    pub(super) fn context(&self, pending: &PendingEvent) -> AuthorizationContext {
        let user = pending.by.id;
        AuthorizationContext {
            member: self.members.get(&(user, pending.room)).copied().unwrap_or_default(),
            memberships: self.counts.get(&user).copied().unwrap_or_default(),
            ..AuthorizationContext::default()
        }
    }

    /// Adds an authorized join or leave. `seq` is the position of its event; a silent change has no event, and `seq` is the
    /// newest position of the room.
    pub(super) fn add(&mut self, pending: &PendingEvent, seq: Seq) {
        let (room, user, at) = (pending.room.0, pending.by.id, pending.at.to_string());
        let count = self.counts.entry(user).or_default();
        let kind = if pending.change == RoomChange::Leave {
            *count = count.saturating_sub(1);
            self.leaves.push((room, user.0));
            "left"
        } else {
            *count += 1;
            self.joins.push((room, user.0, at.clone(), seq.0));
            "joined"
        };
        if !pending.silent {
            self.events.push((room, seq.0, kind, at, user.0, pending.by.name.to_string()));
        }
    }

    /// Stores the changes.
    pub(super) async fn store(self, transaction: &mut SqliteTransaction<'_>) -> Result<(), sqlx::Error> {
        if !self.joins.is_empty() {
            sqlx::query(
                "INSERT INTO members (room_id, user_id, since, read_seq)
                 SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1)",
            )
            .bind(rows::encode(&self.joins)?)
            .execute(&mut **transaction)
            .await?;
        }
        if !self.leaves.is_empty() {
            sqlx::query(
                "DELETE FROM members WHERE (room_id, user_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))",
            )
            .bind(rows::encode(&self.leaves)?)
            .execute(&mut **transaction)
            .await?;
        }
        if !self.events.is_empty() {
            sqlx::query(
                "INSERT INTO events (room_id, seq, kind, created_at, user_id, user)
                 SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
                 FROM json_each(?1)",
            )
            .bind(rows::encode(&self.events)?)
            .execute(&mut **transaction)
            .await?;
        }
        Ok(())
    }
}
