//! The client as its user and its server meet it.

mod connection;
mod reading;
mod sending;
mod world;
