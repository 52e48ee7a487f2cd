//! Finds completions for the word before the cursor: `@name`, `#room` and `:emoji`. The functions have no
//! side effects. `components/completion.rs` has the field and the list, and describes their use.

use hubbub_markup::{is_of_name, may_begin_name, mention_of, names_room};
use hubbub_protocol::{RoomName, User};

use super::emoji::{self, EmojiEntry};
use crate::i18n::Language;

/// Maximum suggestions in the list.
pub(crate) const MAX_CANDIDATES: usize = 8;

/// Maximum length of a word that is looked up, in characters.
const MAX_WORD_CHARS: usize = 64;

/// Minimum letters after a colon, so that `:)` and `12:3` find no emoji.
const MIN_EMOJI_CHARS: usize = 2;

/// The data from which suggestions are made.
pub(crate) struct Sources<'a> {
    /// Members of the room, the most likely first.
    pub(crate) people: &'a [User],
    /// Rooms, the most likely first.
    pub(crate) rooms: &'a [RoomName],
}

/// A completion of the word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// A member.
    Person(User),
    Room(RoomName),
    Emoji(&'static EmojiEntry),
}

impl Candidate {
    /// Returns the text that the list shows and screen readers read.
    pub(crate) fn label(&self, language: Language) -> String {
        match self {
            Self::Person(user) => user.name.to_string(),
            Self::Room(room) => format!("#{room}"),
            Self::Emoji(emoji) => emoji.name(language).to_owned(),
        }
    }

    /// Returns the text that replaces the word.
    fn text(&self) -> String {
        match self {
            Self::Person(user) => format!("@{}", mention_of(user.name.as_str())),
            Self::Room(room) => format!("#{room}"),
            Self::Emoji(emoji) => emoji.text.to_owned(),
        }
    }
}

/// The text after a candidate was accepted, and the cursor in UTF-16 code units, as `selectionStart` in the
/// DOM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) text: String,
    pub(crate) cursor: u32,
}

/// The effect of a key on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// The list does not use the key.
    Ignored,
    /// The list used the key.
    Used,
    /// The key accepted a candidate.
    Accepted(Accepted),
}

/// The state of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Suggestions {
    /// The text, and the word in it that is completed.
    text: String,
    word: Word,
    /// The list is hidden if this is empty.
    pub(crate) candidates: Vec<Candidate>,
    /// Index of the selected candidate, which Enter accepts.
    pub(crate) chosen: usize,
    /// Start of the word for which the user closed the list with Esc.
    unwanted: Option<usize>,
}

/// A word with its prefix sign, as a range of bytes in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Word {
    start: usize,
    end: usize,
}

impl Suggestions {
    /// Updates the list after the text or the cursor has changed; `cursor` is in UTF-16 code units.
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

    /// Handles a key without Ctrl, Alt, Meta or Shift.
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

    /// Replaces the word by a candidate and a space.
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

    /// Hides the list until another word is started.
    pub(crate) fn dismiss(&mut self) {
        self.candidates.clear();
        self.unwanted = Some(self.word.start);
    }
}

/// Returns the word before the cursor, if it begins with a prefix sign.
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

/// Returns the candidates for a word, best first. A complete word has no candidates.
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
            // There are no usage counts for emoji, so shorter names rank higher.
            let ranks = emoji.names().map(|name| Some((rank(name, &typed)?.0, name.len())));
            let best = ranks.into_iter().flatten().min();
            (best, Candidate::Emoji(emoji))
        })),
    };
    // The sort is stable: candidates with equal rank keep the order of the sources.
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

/// Quality of a match and a tie-breaker; lower is better.
type Rank = (usize, usize);

/// Ranks a match: at the start of the name, at the start of a later word, or elsewhere.
fn rank(name: &str, typed: &str) -> Option<Rank> {
    let name = simple(name);
    if name.starts_with(typed) {
        return Some((0, 0));
    }
    let begins_word = name.split(' ').skip(1).any(|word| word.starts_with(typed));
    if begins_word { Some((1, 0)) } else { name.contains(typed).then_some((2, 0)) }
}

/// Normalizes a name for the comparison: lower case without separators.
fn simple(name: &str) -> String {
    let bare = |character: char| if "_-.".contains(character) { ' ' } else { character };
    name.chars().map(bare).flat_map(char::to_lowercase).collect()
}

/// Converts a length in UTF-16 code units to bytes.
fn bytes(text: &str, units: u32) -> usize {
    let mut left = usize::try_from(units).unwrap_or(usize::MAX);
    let fits = |character: &char| {
        let fits = character.len_utf16() <= left;
        left = left.saturating_sub(character.len_utf16());
        fits
    };
    text.chars().take_while(fits).map(char::len_utf8).sum()
}

/// Returns the length of the text in UTF-16 code units.
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

    /// Returns the list for a text in which `|` marks the cursor.
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

    /// Returns the text after Enter, with `|` at the cursor.
    fn entered(text: &str) -> String {
        let Pressed::Accepted(Accepted { mut text, cursor }) = written(text).press("Enter") else {
            panic!("nothing was taken")
        };
        text.insert(bytes(&text, cursor), '|');
        text
    }

    #[test]
    fn finds_members_by_any_part_of_the_name() {
        assert_eq!(labels("@|"), ["Ada Lovelace", "Bob", "Анна", "Barbara", "Jacob"]);
        assert_eq!(labels("hi @b|"), ["Bob", "Barbara", "Jacob"]);
        assert_eq!(labels("(@LOVE|"), ["Ada Lovelace"]);
        assert_eq!(labels("@анн|"), ["Анна"]);
        assert_eq!(labels("@ada_l|"), ["Ada Lovelace"]);
        assert_eq!(labels("@x|"), Vec::<String>::new());
    }

    #[test]
    fn finds_rooms_and_emoji() {
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
    fn offers_nothing_without_a_prefix() {
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
    fn offers_nothing_for_a_complete_word() {
        assert_eq!(labels("@Bob|"), Vec::<String>::new());
        assert_eq!(labels("#team-a|"), Vec::<String>::new());
        assert_eq!(labels("#tea|"), ["#tea", "#team-a"]);
    }

    #[test]
    fn accepting_replaces_the_word() {
        assert_eq!(entered("hi @lov|"), "hi @Ada_Lovelace |");
        assert_eq!(entered("@lov| and more"), "@Ada_Lovelace |and more");
        assert_eq!(entered("@lov|, hi"), "@Ada_Lovelace |, hi");
        assert_eq!(entered("@lov|\nb"), "@Ada_Lovelace|\nb");
        assert_eq!(entered("👍🏽 #gen| 😀"), "👍🏽 #general |😀");
        assert_eq!(entered("да :огонь|"), "да 🔥 |");
    }

    #[test]
    fn suggested_texts_parse_as_mentions() {
        for (text, mark) in [("@bo|", "Bob"), ("@lov|", "Ada_Lovelace"), ("@анн|", "Анна")] {
            assert_eq!(read(&entered(text)), hubbub_markup::Inline::Mention(mark.to_owned()));
        }
        assert_eq!(read(&entered("#20|")), hubbub_markup::Inline::Room("2024".to_owned()));
        // Numbers of up to three digits are not room links.
        assert_eq!(labels("#42|"), Vec::<String>::new());
    }

    /// Returns the first inline element of a message.
    fn read(text: &str) -> hubbub_markup::Inline {
        let markup = hubbub_markup::parse(&text.replace('|', ""));
        let [hubbub_markup::Block::Paragraph(inside)] = &markup.blocks[..] else { panic!("{text}") };
        inside[0].clone()
    }

    #[test]
    fn arrow_keys_select_and_wrap_around() {
        let mut list = written("@b|");
        for (key, chosen) in [("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", 2), ("ArrowDown", 0)] {
            assert_eq!(list.press(key), Pressed::Used);
            assert_eq!(list.chosen, chosen);
        }
        assert_eq!(list.press("a"), Pressed::Ignored);
        assert_eq!(written("b|").press("Enter"), Pressed::Ignored);
    }

    #[test]
    fn dismissed_list_stays_hidden_for_the_word() {
        let mut list = written("@b|");
        assert_eq!(list.press("Escape"), Pressed::Used);
        assert_eq!(list.press("Enter"), Pressed::Ignored);
        update_completion(&mut list, "@ba|");
        assert_eq!(list.candidates, []);
        update_completion(&mut list, "@ba @b|");
        assert_eq!(list.candidates.len(), 3);
    }

    #[test]
    fn cursor_is_in_utf16_code_units() {
        assert_eq!((bytes("a😀б", 1), bytes("a😀б", 3), bytes("a😀б", 4), bytes("a😀б", 99)), (1, 5, 7, 7));
        assert_eq!(bytes("a😀б", 2), 1);
        assert_eq!(units("a😀б"), 4);
    }
}
