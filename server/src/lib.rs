//! The I/O of Hubbub: sockets, storage, pages and the command line around the pure core in `crates/`.
//!
//! It is a library only so that tests can use its parts; the program is `hubbub`.

mod auth;
pub mod check;
mod clock;
pub mod config;
pub mod error_output;
mod file_links;
mod files;
mod hub;
mod limits;
mod log;
mod log_throttle;
mod net;
pub mod serve;
pub mod sqlite;
pub mod terminal;
mod web;
