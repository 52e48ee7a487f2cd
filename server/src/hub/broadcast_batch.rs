//! Several broadcasts of one room that are sent together, with the frames of each wire in one piece of memory.

use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use hubbub_protocol::{RoomId, Seq, ServerFrame, UserId};
use hubbub_wires::Wire;

use super::delivery::{Broadcast, DirectFrame};

/// Broadcasts in the order of sending.
pub(super) struct BroadcastBatch<'a> {
    room: RoomId,
    broadcasts: &'a [Arc<Broadcast>],
    /// Positions of the events, unless there are none.
    events: Option<RangeInclusive<Seq>>,
    /// Whether each event follows the one before it.
    is_contiguous: bool,
    native: OnceLock<Option<DirectFrames>>,
    wires: [OnceLock<Option<DirectFrames>>; Wire::ALL.len()],
}

/// The frames of all broadcasts for one wire.
struct DirectFrames {
    frames: Bytes,
    /// Users who receive other frames.
    except: Vec<UserId>,
}

impl<'a> BroadcastBatch<'a> {
    pub(super) fn new(room: RoomId, broadcasts: &'a [Arc<Broadcast>]) -> Self {
        let mut events = broadcasts.iter().filter_map(|broadcast| match broadcast.frame() {
            ServerFrame::Event { what, .. } => Some(what.seq()),
            _ => None,
        });
        let mut is_contiguous = true;
        let events = events.next().map(|first| {
            let last = events.fold(first, |last, seq| {
                is_contiguous &= seq == last.next();
                seq
            });
            first..=last
        });
        let (native, wires) = (OnceLock::new(), [const { OnceLock::new() }; Wire::ALL.len()]);
        Self { room, broadcasts, events, is_contiguous, native, wires }
    }

    pub(super) const fn room(&self) -> RoomId {
        self.room
    }

    pub(super) const fn broadcasts(&self) -> &'a [Arc<Broadcast>] {
        self.broadcasts
    }

    /// Returns the positions of the first and last event, unless the batch contains only signals.
    pub(super) const fn events(&self) -> Option<&RangeInclusive<Seq>> {
        self.events.as_ref()
    }

    /// Returns the frames for a connection, one after the other, if they do not depend on what the connection has
    /// received before.
    pub(super) fn frames(&self, wire: Option<Wire>, user: UserId) -> Option<&Bytes> {
        if !self.is_contiguous {
            return None;
        }
        let direct = match wire {
            None => &self.native,
            Some(wire) => &self.wires[wire as usize],
        };
        let direct = direct.get_or_init(|| self.join(wire)).as_ref()?;
        (!direct.except.contains(&user)).then_some(&direct.frames)
    }

    fn join(&self, wire: Option<Wire>) -> Option<DirectFrames> {
        let mut except = Vec::new();
        let mut parts = Vec::new();
        for broadcast in self.broadcasts {
            for DirectFrame { frame, other_for } in broadcast.direct_frames(wire)? {
                except.extend(other_for);
                parts.extend(frame.map(|frame| frame.bytes().clone()));
            }
        }
        let frames = match &parts[..] {
            [only] => only.clone(),
            parts => {
                let mut joined = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
                parts.iter().for_each(|part| joined.extend_from_slice(part));
                joined.freeze()
            }
        };
        Some(DirectFrames { frames, except })
    }
}
