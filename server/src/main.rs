//! The program `hubbub`.

use std::process::ExitCode;

use clap::{Args, Command, FromArgMatches, Parser};
use hubbub_server::config::{CommandLine, ServeConfig, Verb};
use hubbub_server::error_output;

fn main() -> ExitCode {
    let config = match CommandLine::parse().verb {
        Some(Verb::Serve(config)) => *config,
        Some(Verb::Chat(config)) => return hubbub_server::terminal::run(&config),
        Some(Verb::Check(config)) => return hubbub_server::check::run(&config),
        // Without a command, options come from the environment and the defaults, as for `hubbub serve`.
        None => match ServeConfig::from_arg_matches(
            &ServeConfig::augment_args(Command::new("hubbub")).get_matches(),
        ) {
            Ok(config) => config,
            Err(error) => error.exit(),
        },
    };
    match hubbub_server::serve::run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error_output::print(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
