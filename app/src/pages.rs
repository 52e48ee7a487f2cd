//! One file for each page.

mod entrance;
mod not_found;
mod room;
mod shell;
mod unavailable;

pub(crate) use entrance::EntrancePage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use room::Room;
pub(crate) use shell::RoomOrShell;
pub(crate) use unavailable::UnavailablePage;
