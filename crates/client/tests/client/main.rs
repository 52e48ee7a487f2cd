//! The client as its user and its server meet it.

mod anything;
mod chaos;
mod connection;
mod garbage;
mod reading;
mod sending;
mod server;
mod world;
