//! The state that handlers share.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::Cookie;

use crate::auth::Auth;
use crate::file_links::FileLinks;
use crate::files::{AddressSigner, Uploads};
use crate::hub::Hub;
use crate::hub::peer_files::{FrameUploads, PeerFiles};
use crate::hub::transient_guest::TransientGuests;
use crate::hub::transport::engine_io::EngineIoSessions;
use crate::net::host::OwnNames;
use crate::net::listener::ConnectionPermits;
use crate::net::origin::AllowedOrigins;
use crate::net::proxy::Proxies;

/// The state that handlers share.
#[derive(Clone, Debug)]
pub(crate) struct AppState {
    pub(crate) hub: Hub,
    pub(crate) connections: ConnectionPermits,
    pub(crate) engine_io: EngineIoSessions,
    pub(crate) origins: AllowedOrigins,
    pub(crate) own_names: OwnNames,
    pub(crate) proxies: Proxies,
    pub(crate) secure_cookies: bool,
    pub(crate) auth: Arc<Auth>,
    pub(crate) transient_guests: TransientGuests,
    pub(crate) uploads: Uploads,
    pub(crate) frame_uploads: Arc<FrameUploads>,
    pub(crate) address_signer: AddressSigner,
}

impl AppState {
    /// Returns the files of a client of a legacy protocol that sent a request with these headers.
    pub(super) fn peer_files(&self, headers: &HeaderMap) -> Arc<PeerFiles> {
        Arc::new(PeerFiles::new(FileLinks::of(headers), Arc::clone(&self.frame_uploads)))
    }

    /// Returns a cookie as a header, `Secure` if the server is reached by https only.
    pub(super) fn cookie_header(&self, mut cookie: Cookie<'static>) -> Option<HeaderValue> {
        cookie.set_secure(self.secure_cookies);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}
