//! The command line. The doc comments are the text of `--help`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use crate::files::{ByteLimit, StorageLocation};
pub use crate::limits::Quota;
pub use crate::net::host::DomainName;
pub use crate::net::origin::Origin;
pub use crate::net::proxy::Proxy;
pub use crate::terminal::ChatConfig;

/// Hubbub: a self-hosted group chat.
#[derive(Debug, Parser)]
#[command(name = "hubbub", version)]
pub struct CommandLine {
    /// The command; `serve` if it is missing.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// The commands of the program.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Serve the chat until SIGINT, SIGTERM or SIGHUP
    Serve(Box<ServeConfig>),
    /// Chat in a room, from a terminal or a script
    Chat(ChatConfig),
    /// Check the database and the files of a data folder, without changing them
    Check(CheckConfig),
}

/// Options of `serve`. Each can also be set by its environment variable.
#[derive(Clone, Debug, Args)]
pub struct ServeConfig {
    /// Address and port to listen on; port 0 selects a free one
    #[arg(long, env = "HUBBUB_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Folder of the database; created if it does not exist
    #[arg(long, env = "HUBBUB_DATA", value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Where the files of messages are stored: a folder, or s3://BUCKET/PREFIX with endpoint, region and keys in the
    /// usual AWS_ variables; by default the folder `files` in the data folder
    #[arg(long, env = "HUBBUB_FILES", value_name = "FOLDER|s3://BUCKET/PREFIX")]
    pub files: Option<StorageLocation>,
    /// Another origin whose pages may use this server, such as https://chat.example; may be repeated
    #[arg(long, env = "HUBBUB_ALLOW_ORIGIN", value_name = "ORIGIN")]
    pub allow_origin: Vec<List<Origin>>,
    /// A name of this server, such as chat.example; may be repeated. Requests to another name are refused, except to
    /// an address, to localhost, to a host of --allow-origin, and through a --trusted-proxy
    #[arg(long, env = "HUBBUB_DOMAIN", value_name = "NAME")]
    pub domain: Vec<List<DomainName>>,
    /// Maximum number of connections
    #[arg(long, env = "HUBBUB_MAX_CONNECTIONS", value_name = "N", default_value_t = 16_000)]
    pub max_connections: usize,
    /// Maximum number of connections from one address, or from one IPv6 network of 64 bits; programs on this machine
    /// are exempt
    #[arg(long, env = "HUBBUB_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N", default_value_t = 512)]
    pub max_connections_per_address: usize,
    /// Whether users may chat as guests, without an account
    #[arg(long, env = "HUBBUB_GUESTS", value_name = "on|off", default_value = "on", ignore_case = true)]
    pub guests: Guests,
    /// Whether users may create accounts for themselves
    #[arg(
        long,
        env = "HUBBUB_REGISTRATION",
        value_name = "open|closed",
        default_value = "open",
        ignore_case = true
    )]
    pub registration: Registration,
    /// A reverse proxy whose Host, X-Forwarded-For (or Forwarded) and X-Request-Id headers are trusted: an address or a
    /// network such as 10.0.0.0/8; may be repeated
    #[arg(long, env = "HUBBUB_TRUSTED_PROXY", value_name = "ADDR")]
    pub trusted_proxy: Vec<List<Proxy>>,
    /// Rate limit for posts, edits, deletions and reactions per user, as `BURST/PER_MINUTE`, or `off`; an address has
    /// ten times as much. The other limits are given in the same way
    #[arg(long, env = "HUBBUB_LIMIT_POSTING", value_name = "BURST/PER_MINUTE", default_value = "2000/1200")]
    pub limit_posting: Quota,
    /// Rate limit for typing notices per user
    #[arg(long, env = "HUBBUB_LIMIT_TYPING", value_name = "BURST/PER_MINUTE", default_value = "60/240")]
    pub limit_typing: Quota,
    /// Rate limit for joining and leaving rooms per user
    #[arg(long, env = "HUBBUB_LIMIT_JOINING", value_name = "BURST/PER_MINUTE", default_value = "400/1200")]
    pub limit_joining: Quota,
    /// Rate limit for changes of read positions and of the appearance per user
    #[arg(long, env = "HUBBUB_LIMIT_MARKING", value_name = "BURST/PER_MINUTE", default_value = "600/1200")]
    pub limit_marking: Quota,
    /// Rate limit for sign-in attempts per name
    #[arg(long, env = "HUBBUB_LIMIT_SIGNING_IN", value_name = "BURST/PER_MINUTE", default_value = "10/10")]
    pub limit_signing_in: Quota,
    /// Rate limit for new guests per address
    #[arg(long, env = "HUBBUB_LIMIT_ENTERING", value_name = "BURST/PER_MINUTE", default_value = "200/200")]
    pub limit_entering: Quota,
    /// Rate limit for new uploads per user
    #[arg(long, env = "HUBBUB_LIMIT_UPLOADING", value_name = "BURST/PER_MINUTE", default_value = "120/120")]
    pub limit_uploading: Quota,
    /// Maximum size of one file, in bytes or with a unit such as 25MiB, or `off`. The other sizes are given in the same
    /// way
    #[arg(long, env = "HUBBUB_MAX_FILE_SIZE", value_name = "SIZE", default_value = "25MiB")]
    pub max_file_size: ByteLimit,
    /// Maximum size of a file that a client of an older protocol sends in a frame (`send_file`)
    #[arg(long, env = "HUBBUB_MAX_WIRE_FILE", value_name = "SIZE", default_value = "1MiB")]
    pub max_wire_file: ByteLimit,
    /// Maximum size of all files of one user
    #[arg(long, env = "HUBBUB_MAX_STORAGE_PER_USER", value_name = "SIZE", default_value = "2GiB")]
    pub max_storage_per_user: ByteLimit,
    /// Maximum size of all files of all users
    #[arg(long, env = "HUBBUB_MAX_STORAGE", value_name = "SIZE", default_value = "off")]
    pub max_storage: ByteLimit,
    /// Keep the position, the camera and other private data in the files of pictures
    #[arg(long, env = "HUBBUB_KEEP_EXIF", value_name = "on|off", value_parser = switch)]
    #[arg(num_args = 0..=1, require_equals = true, default_value = "off", default_missing_value = "on")]
    pub keep_exif: bool,
    /// Maximum number of simultaneous uploads of one user
    #[arg(long, env = "HUBBUB_MAX_UPLOADS_PER_USER", value_name = "N", default_value_t = 16)]
    pub max_uploads_per_user: u32,
    /// For a server that is reached by https only: marks cookies as Secure, and makes browsers use https for a year
    #[arg(long, env = "HUBBUB_SECURE_COOKIES", value_name = "on|off", value_parser = switch)]
    #[arg(num_args = 0..=1, require_equals = true, default_value = "off", default_missing_value = "on")]
    pub secure_cookies: bool,
    /// Least severe level of messages in the log on standard error
    #[arg(long, env = "HUBBUB_LOG", value_name = "LEVEL", default_value = "info")]
    pub log: LogLevel,
    /// Format of the log
    #[arg(long, env = "HUBBUB_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// Options of `check`.
#[derive(Clone, Debug, Args)]
pub struct CheckConfig {
    /// Data folder of a server, or a backup of one
    #[arg(env = "HUBBUB_DATA", value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Where its files are stored: a folder, or s3://BUCKET/PREFIX; by default the folder `files` in the data folder
    #[arg(long, env = "HUBBUB_FILES", value_name = "FOLDER|s3://BUCKET/PREFIX")]
    pub files: Option<StorageLocation>,
}

/// Values separated by commas, as in an environment variable. Empty elements are ignored.
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

/// Parses a switch as it is written in an environment variable; an empty one is off.
fn switch(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "" | "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("write on or off".to_owned()),
    }
}

/// Whether users may chat as guests, without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Guests {
    /// Users are guests until they sign in
    #[value(aliases = ["1", "true", "yes"])]
    On,
    /// All users must sign in
    #[value(aliases = ["0", "false", "no"])]
    Off,
}

/// Whether users may create accounts for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Registration {
    /// Everyone may create an account
    #[value(aliases = ["1", "true", "yes", "on"])]
    Open,
    /// Only existing accounts can sign in
    #[value(aliases = ["0", "false", "no", "off"])]
    Closed,
}

/// The least severe level that is logged.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogLevel {
    /// Failures that an operator must handle
    Error,
    /// Conditions that an operator may have to handle
    Warn,
    /// Activity of the server
    Info,
    /// Activity of each connection
    Debug,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Text for people
    Text,
    /// One JSON object per line, for programs
    Json,
}
