//! The checksum of one request of an upload (tus 1.0, extension checksum).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The names of the algorithms, as in the header `Tus-Checksum-Algorithm`.
pub(crate) const CHECKSUM_ALGORITHMS: &str = "sha1,sha256";

/// The checksum that bytes should have, and that of the bytes seen so far.
#[derive(Clone, Debug)]
pub(crate) struct Checksum {
    expected: Vec<u8>,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// Parses the header `Upload-Checksum`: the name of an algorithm, a space, and the checksum in Base64. `None` if the
    /// algorithm is not supported, or if the checksum does not have its length.
    pub(crate) fn parse(header: &str) -> Option<Self> {
        let (algorithm, checksum) = header.trim().split_once(' ')?;
        let expected = STANDARD.decode(checksum.trim()).ok()?;
        let (state, length) = match algorithm {
            "sha1" => (State::Sha1(Sha1::new()), 20),
            "sha256" => (State::Sha256(Sha256::new()), 32),
            _ => return None,
        };
        (expected.len() == length).then_some(Self { expected, state })
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Sha1(hash) => hash.update(bytes),
            State::Sha256(hash) => hash.update(bytes),
        }
    }

    /// Whether the bytes have the expected checksum.
    pub(super) fn matches(&self) -> bool {
        match self.state.clone() {
            State::Sha1(hash) => hash.finalize().as_slice() == self.expected,
            State::Sha256(hash) => hash.finalize().as_slice() == self.expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_the_bytes_with_the_header() {
        // "abc": the examples of FIPS 180-4.
        for header in
            ["sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="]
        {
            let checksum = Checksum::parse(header).unwrap();
            let of = |pieces: &[&[u8]]| {
                let mut checksum = checksum.clone();
                pieces.iter().for_each(|piece| checksum.add(piece));
                checksum.matches()
            };
            assert!(of(&[b"a", b"bc"]), "{header}");
            assert!(!of(&[b"abd"]) && !of(&[]), "{header}");
        }
    }

    #[test]
    fn rejects_unknown_algorithms_and_wrong_lengths() {
        for header in [
            "",
            "sha1",
            "sha1 ",
            "sha1 !",
            "md5 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
            "sha256 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
        ] {
            assert!(Checksum::parse(header).is_none(), "{header}");
        }
    }
}
