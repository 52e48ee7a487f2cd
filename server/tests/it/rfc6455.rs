//! RFC 6455 on each address of a WebSocket: valid frames are accepted, a peer that violates the RFC is closed with the
//! right code, and other peers are not affected.

mod case;
mod closing;
mod endpoint;
mod fragmentation;
mod framing;
mod handshake;
mod misc;
mod opcodes;
mod patience;
mod pings;
mod reserved_bits;
mod utf8;

use case::Case;
use endpoint::Endpoint;
use futures_util::future::join_all;

use super::support::Program;

/// Checks these cases on all addresses, and reports all failures.
async fn check(cases: Vec<Case>) {
    // Without files in frames, all addresses have the same limit.
    let program = Program::start_with(&["--max-wire-file", "0"]).await;
    let endpoints = Endpoint::all(&program).await;
    let failures = join_all(endpoints.iter().map(async |endpoint| {
        let mut failures = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            let connection = endpoint.opens(number).await;
            if let Err(error) = case.run(connection, endpoint).await {
                failures.push(format!("{}: {}: {error}", endpoint.path, case.name));
            }
        }
        failures
    }))
    .await
    .concat();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len() * 6, failures.join("\n"));
}
