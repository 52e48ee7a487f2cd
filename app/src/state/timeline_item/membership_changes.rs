//! The net result of consecutive joins and leaves.

use hubbub_protocol::{Seq, User};

/// The users who joined and left in a sequence of notices. A user who did both is in neither list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MembershipChanges {
    /// Users who became members, in order.
    pub(crate) joined: Vec<User>,
    /// Users who are no longer members.
    pub(crate) left: Vec<User>,
    /// Position of the last notice.
    pub(crate) last: Seq,
}

impl MembershipChanges {
    /// Creates an empty sequence.
    pub(crate) const fn none() -> Self {
        Self { joined: Vec::new(), left: Vec::new(), last: Seq(0) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.left.is_empty()
    }

    /// Adds a join or a leave.
    pub(crate) fn add(&mut self, user: &User, joined: bool, seq: Seq) {
        self.last = seq;
        let (to, from) =
            if joined { (&mut self.joined, &mut self.left) } else { (&mut self.left, &mut self.joined) };
        let before = from.len();
        from.retain(|other| other.id != user.id);
        if from.len() == before && to.iter().all(|other| other.id != user.id) {
            to.push(user.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::user;
    use super::*;

    fn names(users: &[User]) -> Vec<&str> {
        users.iter().map(|user| user.name.as_str()).collect()
    }

    #[test]
    fn omits_users_who_joined_and_left() {
        let (ada, ben, eve) = (user(1, "Ada"), user(2, "Ben"), user(3, "Eve"));
        let mut changes = MembershipChanges::none();
        changes.add(&ada, true, Seq(1));
        changes.add(&ben, true, Seq(2));
        changes.add(&ada, false, Seq(3));
        changes.add(&eve, false, Seq(4));
        assert_eq!((names(&changes.joined), names(&changes.left)), (vec!["Ben"], vec!["Eve"]));
        assert_eq!(changes.last, Seq(4));
        changes.add(&eve, true, Seq(5));
        changes.add(&ben, false, Seq(6));
        assert!(changes.is_empty());
        changes.add(&ben, true, Seq(7));
        changes.add(&ben, true, Seq(8));
        assert_eq!(names(&changes.joined), ["Ben"]);
    }
}
