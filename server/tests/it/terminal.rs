//! `hubbub chat`, the terminal client.

mod script;
