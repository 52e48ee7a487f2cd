//! The meaning of the lines that a user types.

use hubbub_protocol::{MessageText, Refusal, RoomName};

/// The commands, as `/help` lists them.
pub(crate) const HELP: &str = "\
/help            list the commands
/rooms           list your rooms and the public rooms
/join ROOM       join another room
/who             list the members of this room
/edit TEXT       replace the text of your last message
/quit            quit; also Ctrl+C and Ctrl+D
//TEXT           send a message that begins with /
Alt+Enter starts a new line in a message; Enter sends it.";

/// A command of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserCommand {
    Say(MessageText),
    Help,
    Rooms,
    Join(RoomName),
    Who,
    Edit(MessageText),
    Quit,
}

/// The reason why a line is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParseError {
    /// The command does not exist or lacks an argument; the text says which.
    Command(String),
    /// The text may not be sent, for this reason.
    Text(Refusal),
}

/// Parses a line that a person typed. Returns `None` for an empty line.
pub(crate) fn parse(line: &str) -> Option<Result<UserCommand, ParseError>> {
    if let Some(rest) = line.strip_prefix('/') {
        return Some(if rest.starts_with('/') { parse_text(rest) } else { command(rest) });
    }
    (!line.trim().is_empty()).then(|| parse_text(line))
}

/// Parses a line of a script, all of which is text. Returns `None` for an empty line.
pub(crate) fn parse_literal(line: &str) -> Option<Result<UserCommand, ParseError>> {
    (!line.trim().is_empty()).then(|| parse_text(line))
}

fn parse_text(text: &str) -> Result<UserCommand, ParseError> {
    MessageText::parse(text).map(UserCommand::Say).map_err(ParseError::Text)
}

fn command(line: &str) -> Result<UserCommand, ParseError> {
    let (verb, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match verb {
        "join" if rest.is_empty() => Err(ParseError::Command("room is missing: /join ROOM".to_owned())),
        "join" => RoomName::parse(rest)
            .map(UserCommand::Join)
            .map_err(|refusal| ParseError::Command(refusal.message)),
        "edit" if rest.is_empty() => Err(ParseError::Command("text is missing: /edit TEXT".to_owned())),
        "edit" => MessageText::parse(rest).map(UserCommand::Edit).map_err(ParseError::Text),
        "help" | "rooms" | "who" | "quit" if !rest.is_empty() => {
            Err(ParseError::Command(format!("/{verb} takes no argument; /help lists the commands")))
        }
        "help" => Ok(UserCommand::Help),
        "rooms" => Ok(UserCommand::Rooms),
        "who" => Ok(UserCommand::Who),
        "quit" => Ok(UserCommand::Quit),
        verb => {
            let rule = "/help lists the commands; write // to send a message that begins with /";
            Err(ParseError::Command(format!("unknown command /{verb}; {rule}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<Result<UserCommand, ParseError>> {
        Some(Ok(UserCommand::Say(MessageText::parse(text).unwrap())))
    }

    #[test]
    fn text_without_a_slash_is_a_message() {
        assert_eq!(parse("hi /quit"), said("hi /quit"));
        assert_eq!(parse(" /quit"), said(" /quit"));
        assert_eq!(parse("  \t"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn two_slashes_send_one() {
        assert_eq!(parse("//etc/hosts"), said("/etc/hosts"));
        assert_eq!(parse("///"), said("//"));
    }

    #[test]
    fn scripts_have_no_commands() {
        assert_eq!(parse_literal("/quit"), said("/quit"));
        assert_eq!(parse_literal("//x"), said("//x"));
        assert_eq!(parse_literal(" "), None);
    }

    #[test]
    fn parses_commands() {
        let room = RoomName::parse("lobby").unwrap();
        assert_eq!(parse("/join lobby "), Some(Ok(UserCommand::Join(room))));
        assert_eq!(
            parse("/edit two words"),
            Some(Ok(UserCommand::Edit(MessageText::parse("two words").unwrap())))
        );
        for (line, command) in [
            ("/help", UserCommand::Help),
            ("/rooms", UserCommand::Rooms),
            ("/who ", UserCommand::Who),
            ("/quit", UserCommand::Quit),
        ] {
            assert_eq!(parse(line), Some(Ok(command)));
        }
    }

    #[test]
    fn unknown_command_is_refused_and_not_sent() {
        for line in ["/", "/nonsense", "/Quit", "/join", "/join a b", "/edit", "/quit now", "/ hi"] {
            assert!(matches!(parse(line), Some(Err(ParseError::Command(_)))), "{line}");
        }
        let long = "x".repeat(5_000);
        assert!(matches!(parse(&long), Some(Err(ParseError::Text(_)))));
        assert!(matches!(parse(&format!("/edit {long}")), Some(Err(ParseError::Text(_)))));
    }
}
