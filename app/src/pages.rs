//! The pages, one file each.

#[cfg(feature = "ssr")]
mod account;
#[cfg(feature = "ssr")]
mod bad_request;
#[cfg(any(feature = "ssr", feature = "csr"))]
mod landing;
#[cfg(any(feature = "ssr", feature = "csr"))]
mod not_found;
mod offline_shell;
mod room;
#[cfg(any(feature = "ssr", feature = "csr"))]
mod unavailable;

#[cfg(feature = "ssr")]
pub(crate) use account::AccountPageView;
#[cfg(feature = "ssr")]
pub(crate) use bad_request::BadRequestPage;
#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) use landing::LandingPage;
#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) use not_found::NotFoundPage;
pub(crate) use offline_shell::RoomOrShell;
pub(crate) use room::Room;
#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) use unavailable::UnavailablePage;
