//! Accounts and sessions: the pages people use, and what programs ask.

pub(super) mod sign_out;
pub(super) mod token;
