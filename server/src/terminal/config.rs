//! The command line of the terminal client. The doc comments are the text of `--help`.

use clap::Args;
use hubbub_protocol::RoomName;

use super::address::ServerAddress;

/// Options of the terminal client.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Set HUBBUB_TOKEN to a token to chat as its user; without it, the client is a guest with a generated name.

In a terminal, /help lists the commands. If standard input or standard output is not a terminal, each input line is \
sent as a message, and each output line is a message `username :: text` or a notice `system :: text`. At the end of \
the input, the client waits until all messages are stored, and exits with 0, or with 1 if a message was not stored.")]
pub struct ChatConfig {
    /// Room to enter; created if it does not exist
    #[arg(default_value = "general", value_parser = room_name)]
    pub(crate) room: RoomName,
    /// Address of the server
    #[arg(long, env = "HUBBUB_SERVER", value_name = "URL", default_value = "http://localhost:3000")]
    pub(crate) server: ServerAddress,
    /// Number of earlier messages to print first, at most 50 [default: 20 in a terminal, else 0]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..=50))]
    pub(crate) history: Option<u8>,
    /// Seconds to wait at the end of the input for the next message to be stored
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) timeout: u32,
}

fn room_name(name: &str) -> Result<RoomName, String> {
    let rule = "a room name has 1 to 64 letters (A-Z, a-z), digits, _ and -";
    RoomName::parse(name).map_err(|refusal| format!("{refusal}; {rule}"))
}
