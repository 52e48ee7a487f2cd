//! What is happening in a room and may be lost.

use serde::{Deserialize, Serialize};

use crate::{User, UserId};

/// A fleeting fact: never stored, and nothing goes wrong when one is missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The people in the room have changed since the last such signal.
    People {
        /// Who came. Empty in rooms of more than `MAX_PEOPLE_LISTED` people.
        arrived: Vec<User>,
        /// Who went. Empty in rooms of more than `MAX_PEOPLE_LISTED` people.
        departed: Vec<UserId>,
        /// How many people there are now.
        count: u32,
    },
}
