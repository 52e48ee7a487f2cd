//! Tests of the client with simulated users and servers.

mod anything;
mod asking;
mod changes;
mod chaos;
mod check;
mod company;
mod connection;
mod garbage;
mod leaving;
mod old_values;
mod paging;
mod read_marks;
mod reading;
mod refused_posts;
mod rooms;
mod sending;
mod server;
mod stored;
mod stored_changes;
mod unread;
mod uploads;
mod words;
mod world;
