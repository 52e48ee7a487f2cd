//! What completes the word one is writing: `@name`, `#room` and `:emoji`. Pure: the field and the list are
//! in `components/completion.rs`, which also says how to use them.

use hubbub_markup::{is_of_name, may_begin_name, mention_of, names_room};
use hubbub_protocol::{RoomName, User};

use super::emoji::{self, Emoji};
use crate::i18n::Language;

/// So many candidates are offered at most.
pub(crate) const MAX_CANDIDATES: usize = 8;

/// A word longer than this, in characters, is not looked up.
const MAX_WORD_CHARS: usize = 64;

/// Letters behind a colon, at least: `:)` and `12:3` ask for no emoji.
const MIN_EMOJI_CHARS: usize = 2;

/// What can be completed, and what is offered for it.
pub(crate) struct Sources<'a> {
    /// People of the room, those most likely meant first.
    pub(crate) people: &'a [User],
    /// Rooms, those most likely meant first.
    pub(crate) rooms: &'a [RoomName],
}

/// Something to write instead of the word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// Somebody.
    Person(User),
    /// A room.
    Room(RoomName),
    /// A picture.
    Emoji(&'static Emoji),
}

impl Candidate {
    /// What it is called, for the eye and for a screen reader.
    pub(crate) fn label(&self, language: Language) -> String {
        match self {
            Self::Person(user) => user.name.to_string(),
            Self::Room(room) => format!("#{room}"),
            Self::Emoji(emoji) => emoji.name(language).to_owned(),
        }
    }

    /// What is written for it.
    fn text(&self) -> String {
        match self {
            Self::Person(user) => format!("@{}", mention_of(user.name.as_str())),
            Self::Room(room) => format!("#{room}"),
            Self::Emoji(emoji) => emoji.text.to_owned(),
        }
    }
}

/// The text after a candidate was taken, and where the cursor then is, in UTF-16 code units as in the
/// browser's `selectionStart`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) text: String,
    pub(crate) cursor: u32,
}

/// What a key has done to the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// The key is not for the list.
    Ignored,
    /// The list has used it up.
    Used,
    /// A candidate is taken.
    Accepted(Accepted),
}

/// The list as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Suggestions {
    /// The text and the word in it that the list is about.
    text: String,
    word: Word,
    /// Nothing is offered when this is empty.
    pub(crate) candidates: Vec<Candidate>,
    /// Which of them Enter takes.
    pub(crate) chosen: usize,
    /// Where a word begins for which no list is wanted: Esc was pressed there.
    unwanted: Option<usize>,
}

/// A word with its sign, in bytes of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Word {
    start: usize,
    end: usize,
}

impl Suggestions {
    /// Looks at the text again after it or the cursor has changed. `cursor` is in UTF-16 code units.
    pub(crate) fn update_completion(&mut self, text: &str, cursor: u32, sources: &Sources<'_>) {
        let word = word_at(text, bytes(text, cursor));
        if word.map(|word| word.start) != self.unwanted {
            self.unwanted = None;
        }
        let scroll_target = word.filter(|word| self.unwanted != Some(word.start));
        let candidates = scroll_target.map(|word| candidates(&text[word.start..word.end], sources));
        self.candidates = candidates.unwrap_or_default();
        self.word = word.unwrap_or_default();
        self.text = text.to_owned();
        self.chosen = 0;
    }

    /// A key was pressed in the field, without Ctrl, Alt, Meta or Shift.
    pub(crate) fn press(&mut self, key: &str) -> Pressed {
        let count = self.candidates.len();
        if count == 0 {
            return Pressed::Ignored;
        }
        match key {
            "ArrowDown" => self.chosen = (self.chosen + 1) % count,
            "ArrowUp" => self.chosen = (self.chosen + count - 1) % count,
            "Escape" => self.dismiss(),
            "Enter" | "Tab" => return self.accept(self.chosen).map_or(Pressed::Ignored, Pressed::Accepted),
            _ => return Pressed::Ignored,
        }
        Pressed::Used
    }

    /// Takes a candidate: it stands where the word stood, and a space behind it.
    pub(crate) fn accept(&mut self, index: usize) -> Option<Accepted> {
        let taken = self.candidates.get(index)?.text();
        let (before, after) = (self.text.get(..self.word.start)?, self.text.get(self.word.end..)?);
        let mut text = format!("{before}{taken}");
        let rest = after.strip_prefix(' ').unwrap_or(after);
        if !rest.starts_with('\n') {
            text.push(' ');
        }
        let cursor = units(&text);
        text.push_str(rest);
        *self = Self::default();
        Some(Accepted { text, cursor })
    }

    /// Puts the list away until another word is begun.
    pub(crate) fn dismiss(&mut self) {
        self.candidates.clear();
        self.unwanted = Some(self.word.start);
    }
}

/// The word that ends at the cursor, if it begins with a sign.
fn word_at(text: &str, cursor: usize) -> Option<Word> {
    let before = text.get(..cursor)?;
    let in_word = |character: &char| is_of_name(*character) || *character == '+';
    let letters = before.chars().rev().take(MAX_WORD_CHARS + 1).take_while(in_word);
    let length: usize = letters.map(char::len_utf8).sum();
    let (head, word) = before.split_at_checked(cursor - length)?;
    let sign = head.chars().next_back().filter(|sign| "@#:".contains(*sign))?;
    let head = &head[..head.len() - sign.len_utf8()];
    let long_enough = sign != ':' || word.chars().count() >= MIN_EMOJI_CHARS;
    let in_code = head.matches("```").count() % 2 == 1;
    let begins = may_begin_name(head.chars().next_back()) && long_enough && !in_code;
    begins.then_some(Word { start: head.len(), end: cursor })
}

/// What may be meant by the word with its sign, the best first. A word that is complete needs nothing.
fn candidates(word: &str, sources: &Sources<'_>) -> Vec<Candidate> {
    let Some(sign) = word.chars().next() else { return Vec::new() };
    let typed = simple(&word[sign.len_utf8()..]);
    let mut found: Vec<(Rank, Candidate)> = match sign {
        '@' => {
            let named = sources.people.iter().filter(|user| !mention_of(user.name.as_str()).is_empty());
            let people =
                named.map(|user| (rank(user.name.as_str(), &typed), Candidate::Person(user.clone())));
            ranked(people)
        }
        '#' => {
            let rooms = sources.rooms.iter().filter(|room| names_room(room.as_str()));
            ranked(rooms.map(|room| (rank(room.as_str(), &typed), Candidate::Room(room.clone()))))
        }
        _ => ranked(emoji::all().map(|emoji| {
            // Nothing is known of which is meant more often; the shorter name fits better.
            let ranks = emoji.names().map(|name| Some((rank(name, &typed)?.0, name.len())));
            let best = ranks.into_iter().flatten().min();
            (best, Candidate::Emoji(emoji))
        })),
    };
    // The sort is stable: among equals, the order of the sources stays.
    found.sort_by_key(|(rank, _)| *rank);
    found.truncate(MAX_CANDIDATES);
    let found: Vec<Candidate> = found.into_iter().map(|(_, candidate)| candidate).collect();
    match found.as_slice() {
        [only] if only.text() == word => Vec::new(),
        _ => found,
    }
}

fn ranked(all: impl Iterator<Item = (Option<Rank>, Candidate)>) -> Vec<(Rank, Candidate)> {
    all.filter_map(|(rank, candidate)| Some((rank?, candidate))).collect()
}

/// How well a name fits what was typed, and among equals, which comes first. Less is better.
type Rank = (usize, usize);

/// At its start, at the start of a word in it, or somewhere.
fn rank(name: &str, typed: &str) -> Option<Rank> {
    let name = simple(name);
    if name.starts_with(typed) {
        return Some((0, 0));
    }
    let begins_word = name.split(' ').skip(1).any(|word| word.starts_with(typed));
    if begins_word { Some((1, 0)) } else { name.contains(typed).then_some((2, 0)) }
}

/// A name without what one does not care about when looking for it.
fn simple(name: &str) -> String {
    let bare = |character: char| if "_-.".contains(character) { ' ' } else { character };
    name.chars().map(bare).flat_map(char::to_lowercase).collect()
}

/// Where in the text so many UTF-16 code units end, in bytes.
fn bytes(text: &str, units: u32) -> usize {
    let mut left = usize::try_from(units).unwrap_or(usize::MAX);
    let fits = |character: &char| {
        let fits = character.len_utf16() <= left;
        left = left.saturating_sub(character.len_utf16());
        fits
    };
    text.chars().take_while(fits).map(char::len_utf8).sum()
}

/// How many UTF-16 code units the text has.
fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{UserId, UserName};

    use super::*;

    fn people() -> Vec<User> {
        let names = ["Ada Lovelace", "Bob", "Анна", "Barbara", "Jacob", "☃"];
        let user = |(id, name)| User { id: UserId(id), name: UserName::parse(name).expect("a name") };
        (1..).zip(names).map(user).collect()
    }

    fn rooms() -> Vec<RoomName> {
        ["tea", "general", "team-a", "2024", "42"].map(|name| RoomName::parse(name).expect("a name")).into()
    }

    /// The list for a text in which `|` is the cursor.
    fn written(text: &str) -> Suggestions {
        let mut suggestions = Suggestions::default();
        update_completion(&mut suggestions, text);
        suggestions
    }

    fn update_completion(suggestions: &mut Suggestions, text: &str) {
        let (before, after) = text.split_once('|').expect("a cursor");
        let (people, rooms) = (people(), rooms());
        let sources = Sources { people: &people, rooms: &rooms };
        suggestions.update_completion(&format!("{before}{after}"), units(before), &sources);
    }

    fn labels(text: &str) -> Vec<String> {
        written(text).candidates.iter().map(|candidate| candidate.label(Language::En)).collect()
    }

    /// The text after Enter, with the cursor in it.
    fn entered(text: &str) -> String {
        let Pressed::Accepted(Accepted { mut text, cursor }) = written(text).press("Enter") else {
            panic!("nothing was taken")
        };
        text.insert(bytes(&text, cursor), '|');
        text
    }

    #[test]
    fn people_are_found_by_any_part_of_their_name() {
        assert_eq!(labels("@|"), ["Ada Lovelace", "Bob", "Анна", "Barbara", "Jacob"]);
        assert_eq!(labels("hi @b|"), ["Bob", "Barbara", "Jacob"]);
        assert_eq!(labels("(@LOVE|"), ["Ada Lovelace"]);
        assert_eq!(labels("@анн|"), ["Анна"]);
        assert_eq!(labels("@ada_l|"), ["Ada Lovelace"]);
        assert_eq!(labels("@x|"), Vec::<String>::new());
    }

    #[test]
    fn rooms_and_emoji_are_found() {
        assert_eq!(labels("#te|"), ["#tea", "#team-a"]);
        assert_eq!(labels("#a|"), ["#team-a", "#tea", "#general"]);
        assert_eq!(labels("你好@bo|"), ["Bob"]);
        assert_eq!(labels("看#gen|"), ["#general"]);
        assert_eq!(labels(":hear|"), ["heart", "heart eyes", "broken heart", "purple heart"]);
        assert_eq!(labels(":серд|"), ["heart", "broken heart", "purple heart"]);
        assert_eq!(labels(":thumbs_|"), ["thumbs up", "thumbs down"]);
        assert!(labels(":an|").len() <= MAX_CANDIDATES);
    }

    #[test]
    fn nothing_is_offered_where_nothing_is_asked() {
        for text in [
            "|@b",
            "bob@b|",
            "@b |",
            "a:he|",
            "12:30|",
            ":)|",
            ":|",
            ":h|",
            "##te|",
            "```\n@b|",
            "|",
            "@bob and|",
            "@@b|",
            &format!("@{}|", "b".repeat(65)),
        ] {
            assert_eq!(labels(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(labels("#tea and @bo|b"), ["Bob"]);
        assert_eq!(labels("```\na\n```\n@bo|"), ["Bob"]);
    }

    #[test]
    fn a_complete_word_needs_nothing() {
        assert_eq!(labels("@Bob|"), Vec::<String>::new());
        assert_eq!(labels("#team-a|"), Vec::<String>::new());
        assert_eq!(labels("#tea|"), ["#tea", "#team-a"]);
    }

    #[test]
    fn what_is_taken_stands_where_the_word_stood() {
        assert_eq!(entered("hi @lov|"), "hi @Ada_Lovelace |");
        assert_eq!(entered("@lov| and more"), "@Ada_Lovelace |and more");
        assert_eq!(entered("@lov|, hi"), "@Ada_Lovelace |, hi");
        assert_eq!(entered("@lov|\nb"), "@Ada_Lovelace|\nb");
        assert_eq!(entered("👍🏽 #gen| 😀"), "👍🏽 #general |😀");
        assert_eq!(entered("да :огонь|"), "да 🔥 |");
    }

    #[test]
    fn what_is_offered_is_read_as_a_mention() {
        for (text, mark) in [("@bo|", "Bob"), ("@lov|", "Ada_Lovelace"), ("@анн|", "Анна")] {
            assert_eq!(read(&entered(text)), hubbub_markup::Inline::Mention(mark.to_owned()));
        }
        assert_eq!(read(&entered("#20|")), hubbub_markup::Inline::Room("2024".to_owned()));
        // A short number is read as a number.
        assert_eq!(labels("#42|"), Vec::<String>::new());
    }

    /// The first thing that a message says.
    fn read(text: &str) -> hubbub_markup::Inline {
        let markup = hubbub_markup::parse(&text.replace('|', ""));
        let [hubbub_markup::Block::Paragraph(inside)] = &markup.blocks[..] else { panic!("{text}") };
        inside[0].clone()
    }

    #[test]
    fn arrows_choose_and_come_round() {
        let mut list = written("@b|");
        for (key, chosen) in [("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", 2), ("ArrowDown", 0)] {
            assert_eq!(list.press(key), Pressed::Used);
            assert_eq!(list.chosen, chosen);
        }
        assert_eq!(list.press("a"), Pressed::Ignored);
        assert_eq!(written("b|").press("Enter"), Pressed::Ignored);
    }

    #[test]
    fn what_was_dismissed_stays_away_for_this_word() {
        let mut list = written("@b|");
        assert_eq!(list.press("Escape"), Pressed::Used);
        assert_eq!(list.press("Enter"), Pressed::Ignored);
        update_completion(&mut list, "@ba|");
        assert_eq!(list.candidates, []);
        update_completion(&mut list, "@ba @b|");
        assert_eq!(list.candidates.len(), 3);
    }

    #[test]
    fn a_cursor_is_counted_as_the_browser_does() {
        assert_eq!((bytes("a😀б", 1), bytes("a😀б", 3), bytes("a😀б", 4), bytes("a😀б", 99)), (1, 5, 7, 7));
        assert_eq!(bytes("a😀б", 2), 1);
        assert_eq!(units("a😀б"), 4);
    }
}
