//! From a configuration to a running server, and to its end.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use governor::clock::DefaultClock;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::ServeConfig;
use crate::hub::Hub;
use crate::identity::passing::{self, PassingGuests};
use crate::identity::{self, Passwords, SessionCookie, Signet};
use crate::limits::{Limits, Quotas, TIDY_INTERVAL};
use crate::log::Log;
use crate::net::listener::{self, Caps};
use crate::net::origin::AllowedOrigins;
use crate::net::proxy::Proxies;
use crate::sqlite::SqliteStore;
use crate::web;

/// How long a stop waits for connections to take their leave.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// When it cannot begin: the address or the data folder cannot be had, or the database is not usable.
pub fn run(config: ServeConfig) -> anyhow::Result<()> {
    let _log = Log::start(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(serve(config))
}

async fn serve(config: ServeConfig) -> anyhow::Result<()> {
    // Before anything is printed: whoever reads that line may stop the server at once.
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;

    let listen = config.listen;
    let listener = listener::bind(listen)
        .with_context(|| format!("cannot listen on {listen}; choose another address with --listen"))?;
    let address = listener.local_addr().context("the listening socket has no address")?;
    let (store, writer) = SqliteStore::open(&config.data).await?;
    passing::sweep(&store).await.context("cannot tidy up after a crash")?;

    let key = identity::signing_key(&config.data)?;
    let stopping = CancellationToken::new();
    let tasks = TaskTracker::new();
    let limits = Limits::new(
        Quotas {
            posting: config.limit_posting,
            typing: config.limit_typing,
            joining: config.limit_joining,
            signing_in: config.limit_signing_in,
            entering: config.limit_entering,
        },
        DefaultClock::default(),
    );
    let hub = Hub::new(web::version(), store, limits, tasks.clone(), stopping.clone());
    tasks.spawn(tidy(hub.clone()));
    for account in hub.store().accounts().await.context("cannot read the accounts")? {
        hub.names().claim(&account.name, account.id);
    }
    let installation = hub.store().installation().await.context("cannot read the installation's id")?;
    let router = web::router(web::App {
        hub,
        origins: AllowedOrigins(config.allow_origin),
        proxies: Proxies(config.trusted_proxy),
        secure_cookies: config.secure_cookies,
        session_cookie: SessionCookie::new(&installation, config.secure_cookies),
        guests: config.guests,
        registration: config.registration,
        passwords: Passwords::new(),
        signet: Arc::new(Signet::new(&key)),
        passing: PassingGuests::default(),
    });
    let caps = Caps { total: config.max_connections, per_address: config.max_connections_per_address };
    let accepting = tokio::spawn(listener::serve(listener, router, caps, tasks.clone(), stopping.clone()));

    announce(format!("listening on http://{address}"));
    tracing::info!(%address, data = %config.data.display(), "serving");

    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    stopping.cancel();
    tasks.close();
    if tokio::time::timeout(STOP_TIMEOUT, tasks.wait()).await.is_err() {
        tracing::warn!(tasks = tasks.len(), "some connections did not take their leave in time");
    }
    // The accept loop holds the router, which holds the store; with the last of them the writer ends.
    drop(accepting.await);
    if tokio::time::timeout(STOP_TIMEOUT, writer).await.is_err() {
        tracing::warn!("the writer did not end in time; what was acknowledged is on the disk");
    }
    Ok(())
}

/// Throws away, now and then, what nobody will ask for again.
async fn tidy(hub: Hub) {
    while hub.stopping().run_until_cancelled(tokio::time::sleep(TIDY_INTERVAL)).await.is_some() {
        hub.limits().tidy();
    }
}

/// Prints a line on standard output, from a thread: an output that is closed or not read is no reason not to serve.
fn announce(line: String) {
    let print = move || {
        let mut output = std::io::stdout().lock();
        drop(writeln!(output, "{line}").and_then(|()| output.flush()));
    };
    drop(std::thread::Builder::new().name("announce".to_owned()).spawn(print));
}
