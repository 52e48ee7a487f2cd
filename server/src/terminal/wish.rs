//! What somebody means by the line they typed.

use hubbub_protocol::{MessageText, Refusal, RoomName};

/// The commands, as `/help` lists them.
pub(crate) const HELP: &str = "\
/help            this list
/rooms           my rooms, and those anybody may join
/join ROOM       talk in another room
/who             who is here
/edit TEXT       say my last message differently
/quit            leave; Ctrl+C and Ctrl+D do it too
//TEXT           say /TEXT
Alt+Enter begins a new line in a message; Enter sends it.";

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Say(MessageText),
    Help,
    Rooms,
    Join(RoomName),
    Who,
    Edit(MessageText),
    Quit,
}

/// Why a line is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// There is no such command, or it lacks something: this sentence says what.
    Command(String),
    /// A text that may not be sent, and why.
    Text(Refusal),
}

/// Reads a line that a person typed. None if there is nothing in it.
pub(crate) fn understand(line: &str) -> Option<Result<Wish, Unclear>> {
    if let Some(rest) = line.strip_prefix('/') {
        return Some(if rest.starts_with('/') { say(rest) } else { command(rest) });
    }
    (!line.trim().is_empty()).then(|| say(line))
}

/// Reads a line of a script: all of it is text.
pub(crate) fn take_literally(line: &str) -> Option<Result<Wish, Unclear>> {
    (!line.trim().is_empty()).then(|| say(line))
}

fn say(text: &str) -> Result<Wish, Unclear> {
    MessageText::parse(text).map(Wish::Say).map_err(Unclear::Text)
}

fn command(line: &str) -> Result<Wish, Unclear> {
    let (verb, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match verb {
        "join" if rest.is_empty() => Err(Unclear::Command("which room? /join ROOM".to_owned())),
        "join" => RoomName::parse(rest).map(Wish::Join).map_err(|refusal| Unclear::Command(refusal.message)),
        "edit" if rest.is_empty() => Err(Unclear::Command("what shall it say? /edit TEXT".to_owned())),
        "edit" => MessageText::parse(rest).map(Wish::Edit).map_err(Unclear::Text),
        "help" | "rooms" | "who" | "quit" if !rest.is_empty() => {
            Err(Unclear::Command(format!("/{verb} takes nothing after it; /help lists the commands")))
        }
        "help" => Ok(Wish::Help),
        "rooms" => Ok(Wish::Rooms),
        "who" => Ok(Wish::Who),
        "quit" => Ok(Wish::Quit),
        verb => {
            let rule = "/help lists the commands, and a message that begins with / is written with //";
            Err(Unclear::Command(format!("there is no /{verb}; {rule}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<Result<Wish, Unclear>> {
        Some(Ok(Wish::Say(MessageText::parse(text).unwrap())))
    }

    #[test]
    fn what_does_not_begin_with_a_slash_is_said() {
        assert_eq!(understand("hi /quit"), said("hi /quit"));
        assert_eq!(understand(" /quit"), said(" /quit"));
        assert_eq!(understand("  \t"), None);
        assert_eq!(understand(""), None);
    }

    #[test]
    fn two_slashes_say_one() {
        assert_eq!(understand("//etc/hosts"), said("/etc/hosts"));
        assert_eq!(understand("///"), said("//"));
    }

    #[test]
    fn a_script_has_no_commands() {
        assert_eq!(take_literally("/quit"), said("/quit"));
        assert_eq!(take_literally("//x"), said("//x"));
        assert_eq!(take_literally(" "), None);
    }

    #[test]
    fn commands_are_understood() {
        let room = RoomName::parse("lobby").unwrap();
        assert_eq!(understand("/join lobby "), Some(Ok(Wish::Join(room))));
        assert_eq!(
            understand("/edit two words"),
            Some(Ok(Wish::Edit(MessageText::parse("two words").unwrap())))
        );
        for (line, wish) in
            [("/help", Wish::Help), ("/rooms", Wish::Rooms), ("/who ", Wish::Who), ("/quit", Wish::Quit)]
        {
            assert_eq!(understand(line), Some(Ok(wish)));
        }
    }

    #[test]
    fn what_is_no_command_is_answered_and_not_sent() {
        for line in ["/", "/nonsense", "/Quit", "/join", "/join a b", "/edit", "/quit now", "/ hi"] {
            assert!(matches!(understand(line), Some(Err(Unclear::Command(_)))), "{line}");
        }
        let long = "x".repeat(5_000);
        assert!(matches!(understand(&long), Some(Err(Unclear::Text(_)))));
        assert!(matches!(understand(&format!("/edit {long}")), Some(Err(Unclear::Text(_)))));
    }
}
