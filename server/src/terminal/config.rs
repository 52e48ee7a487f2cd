//! The command line of the terminal client. The doc comments are the text of `--help`.

use clap::Args;
use hubbub_protocol::RoomName;

use super::address::ServerAddress;

/// Options of the terminal client.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
With HUBBUB_TOKEN in the environment you are whom the token is for; without it, a guest with a new name.

In a terminal, /help lists the commands. When standard input or output is no terminal, each line read is a \
message and each line printed is `username :: text` or a notice `system :: text`; at the end of input hubbub \
waits until all of it is stored, and leaves with 0, or with 1 if something was not.")]
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
    /// Seconds without a stored message after which the client stops waiting at the end
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) timeout: u32,
}

fn room_name(name: &str) -> Result<RoomName, String> {
    let rule = "a room name is 1 to 64 of the letters A-Z and a-z, digits, _ and -";
    RoomName::parse(name).map_err(|refusal| format!("{refusal}; {rule}"))
}
