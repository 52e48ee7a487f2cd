//! One file for each page.

#[cfg(any(feature = "ssr", feature = "csr"))]
mod entrance;
#[cfg(any(feature = "ssr", feature = "csr"))]
mod not_found;
mod room;
mod shell;
#[cfg(any(feature = "ssr", feature = "csr"))]
mod unavailable;

#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) use entrance::EntrancePage;
#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) use not_found::NotFoundPage;
pub(crate) use room::Room;
pub(crate) use shell::RoomOrShell;
#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) use unavailable::UnavailablePage;
