//! `hubbub chat`, the terminal client.

mod commands;
mod meeting;
mod script;
mod typing;
