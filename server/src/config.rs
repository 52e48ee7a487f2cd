//! The command line. The doc comments are what `--help` shows.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use crate::limits::Quota;
pub use crate::net::host::DomainName;
pub use crate::net::origin::Origin;
pub use crate::net::proxy::Proxy;
pub use crate::terminal::ChatConfig;

/// Hubbub: a chat that a small group runs for itself.
#[derive(Debug, Parser)]
#[command(name = "hubbub", version)]
pub struct CommandLine {
    /// What to do; without it, `serve`.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Serve the chat until SIGINT, SIGTERM or SIGHUP
    Serve(ServeConfig),
    /// Talk in a room, from a terminal or a script
    Chat(ChatConfig),
}

/// How to serve. Each flag can be given by its environment variable too.
#[derive(Clone, Debug, Args)]
pub struct ServeConfig {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "HUBBUB_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Folder of the database; made if it is not there
    #[arg(long, env = "HUBBUB_DATA", value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Another origin whose pages may use this server, such as https://chat.example; may be repeated
    #[arg(long, env = "HUBBUB_ALLOW_ORIGIN", value_name = "ORIGIN")]
    pub allow_origin: Vec<List<Origin>>,
    /// A name of this server, such as chat.example; may be repeated. Requests to another name are refused, except to
    /// an address, to localhost, to a host of --allow-origin, and through a --trusted-proxy
    #[arg(long, env = "HUBBUB_DOMAIN", value_name = "NAME")]
    pub domain: Vec<List<DomainName>>,
    /// Most connections at once
    #[arg(long, env = "HUBBUB_MAX_CONNECTIONS", value_name = "N", default_value_t = 16_000)]
    pub max_connections: usize,
    /// Most connections at once from one address, or of an IPv6 network of 64 bits; programs on this machine are exempt
    #[arg(long, env = "HUBBUB_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N", default_value_t = 512)]
    pub max_connections_per_address: usize,
    /// Whether people may come in without an account
    #[arg(long, env = "HUBBUB_GUESTS", value_name = "on|off", default_value = "on", ignore_case = true)]
    pub guests: Guests,
    /// Whether people may make accounts for themselves
    #[arg(
        long,
        env = "HUBBUB_REGISTRATION",
        value_name = "open|closed",
        default_value = "open",
        ignore_case = true
    )]
    pub registration: Registration,
    /// A reverse proxy whose Host, X-Forwarded-For (or Forwarded) and X-Request-Id are believed: an address or a network
    /// such as 10.0.0.0/8; may be repeated
    #[arg(long, env = "HUBBUB_TRUSTED_PROXY", value_name = "ADDR")]
    pub trusted_proxy: Vec<List<Proxy>>,
    /// Posts, edits, deletions, reactions of one user: so many at once, then so many a minute; ten times as many
    /// from one address. So it is with the other limits; each can be off
    #[arg(long, env = "HUBBUB_LIMIT_POSTING", value_name = "BURST/PER_MINUTE", default_value = "2000/1200")]
    pub limit_posting: Quota,
    /// Signs of writing of one user
    #[arg(long, env = "HUBBUB_LIMIT_TYPING", value_name = "BURST/PER_MINUTE", default_value = "60/240")]
    pub limit_typing: Quota,
    /// Rooms that one user joins or leaves
    #[arg(long, env = "HUBBUB_LIMIT_JOINING", value_name = "BURST/PER_MINUTE", default_value = "400/1200")]
    pub limit_joining: Quota,
    /// Changes of what one has read, and of how one appears
    #[arg(long, env = "HUBBUB_LIMIT_MARKING", value_name = "BURST/PER_MINUTE", default_value = "600/1200")]
    pub limit_marking: Quota,
    /// Attempts to sign in under one name
    #[arg(long, env = "HUBBUB_LIMIT_SIGNING_IN", value_name = "BURST/PER_MINUTE", default_value = "10/10")]
    pub limit_signing_in: Quota,
    /// New guests from one address
    #[arg(long, env = "HUBBUB_LIMIT_ENTERING", value_name = "BURST/PER_MINUTE", default_value = "200/200")]
    pub limit_entering: Quota,
    /// For a server that is reached by https only: marks cookies Secure, and tells browsers to ask by https for a year
    #[arg(long, env = "HUBBUB_SECURE_COOKIES", value_name = "on|off", value_parser = switch)]
    #[arg(num_args = 0..=1, require_equals = true, default_value = "off", default_missing_value = "on")]
    pub secure_cookies: bool,
    /// How much to log to standard error
    #[arg(long, env = "HUBBUB_LOG", value_name = "LEVEL", default_value = "info")]
    pub log: LogLevel,
    /// How to write the log
    #[arg(long, env = "HUBBUB_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// Values with commas between them, as in an environment variable. Empty ones are none.
#[derive(Clone, Debug)]
pub struct List<T>(pub Vec<T>);

impl<T: FromStr<Err = String>> FromStr for List<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let elements = text.split(',').map(str::trim).filter(|element| !element.is_empty());
        let parse = |element: &str| element.parse().map_err(|rule| format!("{element:?}: {rule}"));
        elements.map(parse).collect::<Result<_, _>>().map(Self)
    }
}

/// A switch as people write one in an environment variable; an empty one is off.
fn switch(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "" | "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("write on or off".to_owned()),
    }
}

/// Whether people may come in without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Guests {
    /// Whoever comes is a guest until they sign in
    #[value(aliases = ["1", "true", "yes"])]
    On,
    /// Everybody signs in
    #[value(aliases = ["0", "false", "no"])]
    Off,
}

/// Whether people may make accounts for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Registration {
    /// Anybody may
    #[value(aliases = ["1", "true", "yes", "on"])]
    Open,
    /// Only the accounts that there are sign in
    #[value(aliases = ["0", "false", "no", "off"])]
    Closed,
}

/// From which level on a line is logged.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogLevel {
    /// What needs somebody to act
    Error,
    /// What may need somebody to act
    Warn,
    /// What the server does
    Info,
    /// What each connection does
    Debug,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line, for programs
    Json,
}
