//! Starts and stops the server.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use governor::clock::DefaultClock;
use rustix::process::Signal;
use tokio::signal::unix::{self, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::{self, Auth, SessionCookie};
use crate::config::{List, ServeConfig, StorageLocation};
use crate::files::{self, AddressSigner, FileLimits, Staging, Storage, Uploads};
use crate::hub::Hub;
use crate::hub::peer_files::FrameUploads;
use crate::hub::transient_guest::{self, TransientGuests};
use crate::hub::transport::engine_io::EngineIoSessions;
use crate::limits::{CLEANUP_INTERVAL, Quotas, RateLimits};
use crate::log::Log;
use crate::net::host::OwnNames;
use crate::net::listener::{self, ConnectionLimits, ConnectionPermits, Stop};
use crate::net::origin::{AllowedOrigins, Origin};
use crate::net::proxy::Proxies;
use crate::sqlite::SqliteStore;
use crate::web;

/// Time that a stop waits for connections to end by themselves. The remaining ones are then closed at once.
const GRACE: Duration = Duration::from_secs(3);
/// Maximum time that a stop waits for the remaining tasks after that.
const CUT_TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum time that a stop waits until the database is merged into one file.
const WRITER_TIMEOUT: Duration = Duration::from_secs(3);
/// Maximum time that the end of the program waits for work on threads, such as hashing a password.
const RUNTIME_TIMEOUT: Duration = Duration::from_secs(1);

/// Serves until SIGINT, SIGTERM or SIGHUP.
///
/// # Errors
/// If the server cannot start: the address or the data folder is not available, or the database is not usable.
pub fn run(config: ServeConfig) -> anyhow::Result<()> {
    let _log = Log::start(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let served = runtime.block_on(serve(config));
    runtime.shutdown_timeout(RUNTIME_TIMEOUT);
    served
}

async fn serve(config: ServeConfig) -> anyhow::Result<()> {
    // The signals are registered before anything is printed, because a program that reads the line may stop the server
    // at once.
    let mut signals = StopSignals::register()?;
    let listen = config.listen;
    let listener = listener::bind(listen)
        .with_context(|| format!("cannot listen on {listen}; choose another address with --listen"))?;
    let address = listener.local_addr().context("the listening socket has no address")?;
    let data = config.data.clone();
    let (store, writer) = SqliteStore::open(&data).await?;
    if let Err(error) = transient_guest::sweep(&store).await {
        // The disk may be full. Reading still works, and the next start tries again.
        tracing::warn!(%error, "guests that a crash left in rooms could not be removed; the next start tries again");
    }

    let stop = Stop { gently: CancellationToken::new(), now: CancellationToken::new() };
    let tasks = TaskTracker::new();
    let hub = Hub::new(web::version(), store, rate_limits(&config), tasks.clone(), stop.gently.clone());
    tasks.spawn(remove_unused_limits(hub.clone()));
    claim_account_names(&hub).await?;
    let proxies = Proxies(all(config.trusted_proxy.clone()));
    let connections = ConnectionPermits::new(ConnectionLimits {
        total: config.max_connections,
        per_address: config.max_connections_per_address,
    });
    let uploads = open_files(&config, &hub)?;
    tasks.spawn(files::sweep_at_intervals(uploads.clone()));
    let app = app_state(config, hub, connections.clone(), proxies.clone(), uploads).await?;
    let router = web::router(app);
    let accepting =
        tokio::spawn(listener::serve(listener, router, connections, proxies, tasks.clone(), stop.clone()));

    announce(format!("listening on http://{address}"));
    tracing::info!(%address, data = %data.display(), "serving");
    signals.received().await;
    tracing::info!("stopping");
    end_tasks(&stop, &tasks).await;
    // The accept loop holds the router, which holds the store. The writer ends when the last of them is dropped.
    _ = accepting.await;
    if tokio::time::timeout(WRITER_TIMEOUT, writer).await.is_err() {
        tracing::warn!("the writer did not end in time; all acknowledged writes are on disk");
    }
    Ok(())
}

/// The signals that the server handles.
struct StopSignals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hangup: Option<unix::Signal>,
    /// Registered, so that it does not end the process.
    _too_large: unix::Signal,
}

impl StopSignals {
    fn register() -> anyhow::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?,
            terminate: signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?,
            hangup: hangup().context("cannot listen for SIGHUP")?,
            // Catching SIGXFSZ makes a write fail when a file reaches the maximum size of the system (RLIMIT_FSIZE).
            // Otherwise the signal would end the process.
            _too_large: signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))
                .context("cannot listen for SIGXFSZ")?,
        })
    }

    async fn received(&mut self) {
        let Self { interrupt, terminate, hangup, .. } = self;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            Some(()) = async { hangup.as_mut()?.recv().await } => {}
        }
    }
}

fn rate_limits(config: &ServeConfig) -> RateLimits {
    let quotas = Quotas {
        posting: config.limit_posting,
        typing: config.limit_typing,
        joining: config.limit_joining,
        marking: config.limit_marking,
        signing_in: config.limit_signing_in,
        entering: config.limit_entering,
        uploading: config.limit_uploading,
    };
    RateLimits::new(quotas, DefaultClock::default())
}

/// Registers the names of all accounts, which guests may not use.
async fn claim_account_names(hub: &Hub) -> anyhow::Result<()> {
    for account in hub.store().accounts().await.context("cannot read the accounts")? {
        hub.names().claim(&account.name, account.id);
    }
    for names in hub.store().accounts_alike().await.context("cannot compare the names of accounts")? {
        tracing::warn!(?names, "these accounts have confusable names; each keeps its name");
    }
    Ok(())
}

/// Creates the state that all handlers share.
async fn app_state(
    config: ServeConfig,
    hub: Hub,
    connections: ConnectionPermits,
    proxies: Proxies,
    uploads: Uploads,
) -> anyhow::Result<web::AppState> {
    let max_wire_file = usize::try_from(config.max_wire_file.bytes()).unwrap_or(usize::MAX);
    let key = auth::signing_key(&config.data)?;
    let installation = hub.store().installation().await.context("cannot read the installation's id")?;
    let auth = Auth::new(
        hub.clone(),
        SessionCookie::new(&installation, config.secure_cookies),
        config.guests,
        config.registration,
        &key,
    );
    let allowed_origins = all(config.allow_origin);
    let named_origins = allowed_origins.iter().filter_map(Origin::domain);
    let own_names = OwnNames::new(all(config.domain).into_iter().chain(named_origins));
    Ok(web::AppState {
        hub,
        connections,
        engine_io: EngineIoSessions::default(),
        origins: AllowedOrigins(allowed_origins),
        own_names,
        proxies,
        secure_cookies: config.secure_cookies,
        auth: Arc::new(auth.context("cannot use the secret key")?),
        transient_guests: TransientGuests::default(),
        frame_uploads: Arc::new(FrameUploads::new(uploads.clone(), max_wire_file)),
        uploads,
        address_signer: AddressSigner::new(&key).context("cannot use the secret key")?,
    })
}

/// Opens the storage of files.
fn open_files(config: &ServeConfig, hub: &Hub) -> anyhow::Result<Uploads> {
    let location = config.files.clone().unwrap_or_default();
    if let StorageLocation::S3 { .. } = location {
        // An error means that another part of the program has chosen a provider already.
        _ = rustls::crypto::ring::default_provider().install_default();
    }
    let storage = Storage::open(&location, &config.data)?;
    let staging = Staging::open(&config.data)
        .with_context(|| format!("cannot create the folder of uploads in {}", config.data.display()))?;
    let limits = FileLimits {
        file: config.max_file_size,
        user: config.max_storage_per_user,
        total: config.max_storage,
        uploads_per_user: config.max_uploads_per_user,
    };
    Ok(Uploads::new(hub.store().clone(), storage, staging, limits, config.keep_exif, hub.stopping().clone()))
}

/// Waits until the tasks have ended, and closes those connections that do not end by themselves.
async fn end_tasks(stop: &Stop, tasks: &TaskTracker) {
    stop.gently.cancel();
    tasks.close();
    if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::info!(tasks = tasks.len(), "aborting connections that did not end in time");
        stop.now.cancel();
        if tokio::time::timeout(CUT_TIMEOUT, tasks.wait()).await.is_err() {
            tracing::warn!(tasks = tasks.len(), "some tasks did not end in time and are abandoned");
        }
    }
}

/// Returns the handler of SIGHUP, which a terminal sends when it closes; `None` under `nohup`, which ignores the
/// signal.
fn hangup() -> std::io::Result<Option<unix::Signal>> {
    /// The bit of SIGHUP, signal 1, in the masks of `/proc/self/status`.
    const BIT: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    if ignored & BIT != 0 { Ok(None) } else { signal(SignalKind::hangup()).map(Some) }
}

/// Joins the lists of a flag that may be repeated.
fn all<T>(lists: Vec<List<T>>) -> Vec<T> {
    lists.into_iter().flat_map(|list| list.0).collect()
}

/// Removes unused rate limit buckets at intervals.
async fn remove_unused_limits(hub: Hub) {
    while hub.stopping().run_until_cancelled(tokio::time::sleep(CLEANUP_INTERVAL)).await.is_some() {
        hub.limits().remove_full();
    }
}

/// Prints a line on standard output, from a thread: an output that is closed or not read must not stop the server.
fn announce(line: String) {
    let print = move || {
        let mut output = std::io::stdout().lock();
        _ = writeln!(output, "{line}").and_then(|()| output.flush());
    };
    _ = std::thread::Builder::new().name("announce".to_owned()).spawn(print);
}
