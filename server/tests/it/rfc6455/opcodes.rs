//! Reserved opcodes.

use super::case::{Case, PING, PROTOCOL_ERROR, TEXT};
use super::check;
use crate::support::raw::frame;

#[tokio::test]
async fn reserved_opcodes_are_protocol_errors() {
    let mut cases = Vec::new();
    for opcode in (0x3..=0x7).chain(0xb..=0xf) {
        let first = 0x80 | opcode;
        cases.push(Case::new(format!("opcode {opcode:#x}"), &[frame(first, b"")], PROTOCOL_ERROR));
        cases.push(Case::new(
            format!("opcode {opcode:#x} with payload"),
            &[frame(first, b"payload")],
            PROTOCOL_ERROR,
        ));
        let between = [frame(TEXT, b"*"), frame(first, b"payload"), frame(PING, b"x")];
        cases.push(
            Case::new(format!("opcode {opcode:#x} after a text"), &between, PROTOCOL_ERROR).in_pieces(1),
        );
        cases.push(Case::new(
            format!("opcode {opcode:#x} as a fragment"),
            &[frame(opcode, b"")],
            PROTOCOL_ERROR,
        ));
    }
    check(cases).await;
}
