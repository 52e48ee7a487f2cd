//! The legacy protocols with hand-written clients; tests with existing client libraries are in `end2end/wires`.

mod actions;
mod form;
mod plain;
mod sessions;
mod socketio;
mod together;
mod typed;
