//! Tests with files that are made here.

mod containers;
mod decoding;
mod flat_jpeg;
mod inspection;
mod orientations;
mod samples;
mod stripping;
mod thumbnails;
