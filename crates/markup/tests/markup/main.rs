//! Tests of the parser.

mod addresses;
mod blocks;
mod deception;
mod emoji;
mod garbage;
mod marks;
mod names;
mod plain;
mod scripts;
mod shown;
