//! Refuses requests whose host is not a name of this server: see [`crate::net::host`].

use std::net::IpAddr;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::log_throttle::LogThrottle;
use crate::net::host::Host;
use crate::net::listener::Peer;
use crate::web::state::AppState;

/// Maximum characters of a name that are repeated to its sender and in the log, which is the maximum length of a DNS
/// name.
const MAX_NAME_CHARS: usize = 253;
static LOGGED: LogThrottle = LogThrottle::new();

/// The reason why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
enum HostRefusal {
    /// `Host` is missing, doubled or invalid (RFC 9112, section 3.2).
    BadHost,
    /// The server does not have this name.
    UnknownHost(String),
}

/// Accepts only requests that name this server. Health checks may use any name.
pub(super) async fn check(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if matches!(path, "/healthz" | "/readyz") {
        return next.run(request).await;
    }
    let is_api = path.starts_with("/api/");
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    match accept(&app, peer, &mut request) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.answer(is_api),
    }
}

fn accept(app: &AppState, peer: Option<IpAddr>, request: &mut Request) -> Result<(), HostRefusal> {
    let is_old = request.version() < Version::HTTP_11;
    let Some(host) = requested_host(request)? else {
        // HTTP/1.0 has no such header, and browsers do not use it.
        return if is_old { Ok(()) } else { Err(HostRefusal::BadHost) };
    };
    let is_proxied = peer.is_some_and(|peer| app.proxies.trust(peer));
    if is_proxied || app.own_names.accept(&host) {
        Ok(())
    } else {
        Err(HostRefusal::UnknownHost(host.name.chars().take(MAX_NAME_CHARS).collect()))
    }
}

/// Returns the host of a request. A host in the request target overrides the header (RFC 9112, section 3.2.2), and is
/// then written to the header.
fn requested_host(request: &mut Request) -> Result<Option<Host>, HostRefusal> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (None, _) => None,
        (Some(host), None) => Some(host.clone()),
        (Some(_), Some(_)) => return Err(HostRefusal::BadHost),
    };
    let host = match (request.uri().authority(), host) {
        (Some(target), Some(_)) => {
            Some(HeaderValue::from_str(target.as_str()).map_err(|_| HostRefusal::BadHost)?)
        }
        // HTTP/1.1 requires the header also with a host in the target.
        (Some(_), None) => return Err(HostRefusal::BadHost),
        (None, host) => host,
    };
    let Some(host) = host else { return Ok(None) };
    let parsed = host.to_str().ok().and_then(Host::parse).ok_or(HostRefusal::BadHost)?;
    if request.uri().authority().is_some() {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        *request.uri_mut() = path.parse::<Uri>().map_err(|_| HostRefusal::BadHost)?;
        request.headers_mut().insert(header::HOST, host);
    }
    Ok(Some(parsed))
}

impl HostRefusal {
    fn answer(self, is_api: bool) -> Response {
        match self {
            Self::BadHost => {
                let rule = "the request must have one Host header that names a host";
                if is_api {
                    return Problem::bad_host(rule).into_response();
                }
                (StatusCode::BAD_REQUEST, rule).into_response()
            }
            Self::UnknownHost(name) => {
                if let Some(unlogged) = LOGGED.admit(Instant::now()) {
                    tracing::warn!(
                        host = ?name,
                        unlogged,
                        "refused a request for an unknown host name; if the name belongs to this server, add it with --domain"
                    );
                }
                let rule = format!(
                    "{name} is not a name of this server; to add it, start the server with --domain {name} (or HUBBUB_DOMAIN)"
                );
                if is_api {
                    return Problem::unknown_host(rule).into_response();
                }
                (StatusCode::MISDIRECTED_REQUEST, rule).into_response()
            }
        }
    }
}
