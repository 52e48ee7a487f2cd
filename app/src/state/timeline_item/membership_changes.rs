//! Comings and goings, one after the other, as one sentence needs them.

use hubbub_protocol::{Seq, User};

/// Who came and who went in a run of notices. Whoever did both is in neither: nothing has changed by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MembershipChanges {
    /// Who is a member now and was none before, in this order.
    pub(crate) joined: Vec<User>,
    /// Who was a member and is none now.
    pub(crate) left: Vec<User>,
    /// The position of the last of them.
    pub(crate) last: Seq,
}

impl MembershipChanges {
    /// A run that has not begun.
    pub(crate) const fn none() -> Self {
        Self { joined: Vec::new(), left: Vec::new(), last: Seq(0) }
    }

    /// Whether nothing has changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.left.is_empty()
    }

    /// Somebody came, or went.
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
    fn whoever_comes_and_goes_is_left_out() {
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
