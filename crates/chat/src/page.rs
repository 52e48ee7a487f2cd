//! Pages of history: which part a request names, how long it may be, and what fits into one answer.

use hubbub_protocol::{
    DEFAULT_PAGE_MESSAGES, Event, Field, MAX_BATCH_TEXT_BYTES, MAX_PAGE_MESSAGES, MAX_ROOM_NAME_CHARS,
    Refusal, Seq,
};

/// The part of a room's history that a page contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAnchor {
    /// The newest rows.
    Newest,
    /// The newest rows before a position.
    Before(Seq),
    /// The oldest rows after a position.
    After(Seq),
    /// The rows on both sides of a position, and the row at it.
    Around(Seq),
}

/// A contiguous part of a room's history, with the room's newest position at the time of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Events that are timeline rows ([`Event::has_line`]), oldest first and without gaps.
    pub events: Vec<Event>,
    /// Whether the room has rows before the first of `events`.
    pub older: bool,
    /// Whether the room has rows after the last of `events`.
    pub newer: bool,
    /// Position of the room's newest event, from the same read.
    pub head: Seq,
}

impl PageAnchor {
    /// Returns the anchor of a request that names at most one position.
    ///
    /// # Errors
    /// A refusal if the request names several positions, or one that no event can have.
    pub fn parse(before: Option<Seq>, after: Option<Seq>, around: Option<Seq>) -> Result<Self, Refusal> {
        let before = before.map(|seq| position(Field::Before, seq, 1)).transpose()?;
        let after = after.map(|seq| position(Field::After, seq, 0)).transpose()?;
        let around = around.map(|seq| position(Field::Around, seq, 1)).transpose()?;
        match (before, after, around) {
            (None, None, None) => Ok(Self::Newest),
            (Some(seq), None, None) => Ok(Self::Before(seq)),
            (None, Some(seq), None) => Ok(Self::After(seq)),
            (None, None, Some(seq)) => Ok(Self::Around(seq)),
            _ => Err(Refusal::invalid(Field::Around, "only one of before, after and around is allowed")),
        }
    }
}

/// Checks a position in a room: `first` is 1 for the position of an event, and 0 if the position before the
/// first event is valid too.
///
/// # Errors
/// A refusal if the position is lower.
pub fn position(field: Field, seq: Seq, first: i64) -> Result<Seq, Refusal> {
    let rule = || format!("{} must be a position in the room, at least {first}", field.as_str());
    if seq.0 >= first { Ok(seq) } else { Err(Refusal::invalid(field, rule())) }
}

/// Returns the number of timeline rows or events in a page.
///
/// # Errors
/// A refusal if the number is not from 1 to [`MAX_PAGE_MESSAGES`].
pub fn page_limit(requested: Option<i64>) -> Result<u32, Refusal> {
    list_limit(requested, DEFAULT_PAGE_MESSAGES, MAX_PAGE_MESSAGES)
}

/// Returns the number of items in a list.
///
/// # Errors
/// A refusal if the number is not from 1 to `most`.
pub fn list_limit(requested: Option<i64>, default: u32, most: u32) -> Result<u32, Refusal> {
    match requested {
        None => Ok(default),
        Some(..1) => Err(Refusal::invalid(Field::Limit, "limit must be at least 1")),
        Some(limit) => u32::try_from(limit)
            .ok()
            .filter(|limit| *limit <= most)
            .ok_or_else(|| Refusal::too_long(Field::Limit, most as usize, "items")),
    }
}

/// Checks the text by which a list of rooms is searched.
///
/// # Errors
/// A refusal if the text is longer than a room name.
pub fn room_query(query: &str) -> Result<&str, Refusal> {
    if query.len() > MAX_ROOM_NAME_CHARS {
        return Err(Refusal::too_long(Field::Query, MAX_ROOM_NAME_CHARS, "bytes"));
    }
    Ok(query)
}

impl History {
    /// Drops the events farthest from the anchor, until the texts fit into one answer
    /// ([`MAX_BATCH_TEXT_BYTES`]).
    #[must_use]
    pub fn fitting(self, anchor: PageAnchor) -> Self {
        let Self { mut events, mut older, mut newer, head } = self;
        let split = match anchor {
            PageAnchor::Newest | PageAnchor::Before(_) => events.len(),
            PageAnchor::After(_) => 0,
            PageAnchor::Around(seq) => events.partition_point(|event| event.seq() < seq),
        };
        let (before, after) = events.split_at(split);
        let is_one_sided = before.is_empty() || after.is_empty();
        let budget = if is_one_sided { MAX_BATCH_TEXT_BYTES } else { MAX_BATCH_TEXT_BYTES / 2 };
        let first = split - count_fitting(before.iter().rev(), budget);
        let end = split + count_fitting(after.iter(), budget);
        older |= first > 0;
        newer |= end < events.len();
        events.truncate(end);
        events.drain(..first);
        Self { events, older, newer, head }
    }
}

/// Drops the last events of a batch, until the texts fit into one answer ([`MAX_BATCH_TEXT_BYTES`]). The first
/// event stays.
pub fn fit_batch(events: &mut Vec<Event>) {
    events.truncate(count_fitting(events.iter(), MAX_BATCH_TEXT_BYTES));
}

/// Returns how many of the events fit into `budget` bytes; at least one.
fn count_fitting<'a>(events: impl Iterator<Item = &'a Event>, budget: usize) -> usize {
    let mut bytes = 0;
    events
        .enumerate()
        .take_while(|(index, event)| {
            bytes += event.text_bytes();
            *index == 0 || bytes <= budget
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(refused: Result<impl std::fmt::Debug, Refusal>) -> Option<Field> {
        refused.unwrap_err().field
    }

    #[test]
    fn a_request_names_at_most_one_valid_position() {
        let seq = |seq| Some(Seq(seq));
        assert_eq!(PageAnchor::parse(None, None, None), Ok(PageAnchor::Newest));
        assert_eq!(PageAnchor::parse(None, seq(0), None), Ok(PageAnchor::After(Seq(0))));
        assert_eq!(field(PageAnchor::parse(seq(0), None, None)), Some(Field::Before));
        assert_eq!(field(PageAnchor::parse(None, seq(-1), None)), Some(Field::After));
        assert_eq!(field(PageAnchor::parse(seq(1), seq(1), None)), Some(Field::Around));
    }

    #[test]
    fn a_page_has_a_limit() {
        assert_eq!(page_limit(None), Ok(DEFAULT_PAGE_MESSAGES));
        assert_eq!(page_limit(Some(MAX_PAGE_MESSAGES.into())), Ok(MAX_PAGE_MESSAGES));
        for limit in [i64::MIN, 0, i64::from(MAX_PAGE_MESSAGES) + 1, i64::MAX] {
            assert_eq!(field(page_limit(Some(limit))), Some(Field::Limit), "{limit}");
        }
    }
}
