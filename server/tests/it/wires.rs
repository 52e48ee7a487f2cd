//! The older wires, with clients made by hand; clients of others are in `end2end/wires`.

mod actions;
mod form;
mod plain;
mod socketio;
mod together;
mod typed;
