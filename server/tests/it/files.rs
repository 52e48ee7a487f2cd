//! Files: uploads in one request and resumable ones, downloads, limits.

mod check;
mod downloads;
mod forms;
mod kills;
mod limits;
mod pictures;
mod resumable;
