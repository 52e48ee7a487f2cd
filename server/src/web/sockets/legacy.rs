//! The addresses of the legacy protocols: authenticates the client and starts the task of its connection.

pub(super) mod actions;
pub(super) mod form;
pub(super) mod plain;
pub(super) mod socketio;
pub(super) mod typed;

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Query, Request};
use axum::response::{IntoResponse, Response};
use hubbub_chat::text::user_name;
use hubbub_protocol::{Field, Refusal, RoomName, User, UserName};
use hubbub_wires::Endpoint;

use crate::auth::{Identity, SignInError};
use crate::hub::Hub;
use crate::hub::connection_task::lobby::Lobby;
use crate::hub::connection_task::{ConnectionTask, Credential};
use crate::hub::peer_files::PeerFiles;
use crate::hub::transient_guest::{self, SharedGuestKey, TransientGuest};
use crate::hub::transport::Transport;
use crate::limits::RateLimitKind;
use crate::net::client_address::ClientAddress;
use crate::net::handshake::Handshake;
use crate::net::listener::ConnectionPermit;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// The parameters of a connection in its address.
struct ConnectTarget {
    endpoint: Endpoint,
    /// The name that the client requests, unchecked. Only a client without identity receives it.
    requested: Option<String>,
    /// The key that several connections of one user share.
    key: Option<SharedGuestKey>,
}

impl ConnectTarget {
    const fn to(endpoint: Endpoint) -> Self {
        Self { endpoint, requested: None, key: None }
    }
}

/// Returns the room in an address. A name that is not UTF-8 is refused.
async fn room(app: &AppState, named: Result<String, PathRejection>) -> Result<RoomName, Refusal> {
    let named = named.map_err(|_| Refusal::invalid(Field::Room, "room must be valid UTF-8"))?;
    app.hub.room_name(&named).await.map_err(|_| Refusal::unavailable())?
}

/// Returns the query of an address. A query that cannot be decoded is refused.
fn query<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Refusal> {
    let Query(query) = query.map_err(|rejection| Refusal::not_understood(rejection.body_text()))?;
    Ok(query)
}

/// Checks origin, handshake and identity, then gives the socket to its task.
async fn open(app: AppState, mut request: Request, target: Result<ConnectTarget, Refusal>) -> Response {
    if !app.origins.allow(request.headers()) {
        return Problem::wrong_origin().into_response();
    }
    let from = ClientAddress::of(request.extensions());
    let target = match target {
        Ok(target) => target,
        Err(refusal) => return Problem::of_address(refusal).into_response(),
    };
    let files = app.peer_files(request.headers());
    let permit = request.extensions().get::<ConnectionPermit>().cloned();
    let handshake = match Handshake::check(&mut request) {
        Ok(handshake) => handshake,
        Err(refused) => return *refused,
    };
    let identity = app.auth.authenticate(request.headers(), request.uri().query()).await;
    let identity = match identity {
        Ok(identity) => identity,
        Err(refused) => return refused.into_response(),
    };
    let requested = match target.requested_name(identity.as_ref()) {
        Ok(requested) => requested,
        Err(refusal) => return Problem::of_address(refusal).into_response(),
    };
    let has_files = matches!(target.endpoint, Endpoint::Actions);
    let peer = match target.admit(&app, from, identity, requested.as_ref()).await {
        Ok(peer) => peer,
        Err(refused) => return refused.into_response(),
    };
    let (response, socket) = handshake.accept(None);
    let hub = app.hub.clone();
    let large_frames = has_files.then(|| app.frame_uploads.large_frames().clone());
    app.hub.tasks().spawn(async move {
        let Some(socket) = socket.await else { return };
        let transport = match large_frames {
            Some(large_frames) => Transport::with_files(socket, large_frames),
            None => Transport::over(socket),
        };
        let connection = peer.serve(hub.clone(), from, files, transport);
        // A task of its own, without the memory of the handshake.
        hub.tasks().spawn(async move {
            // The task holds the connection permit until it ends.
            let _permit = permit;
            connection.await;
        });
    });
    response
}

/// A client that is accepted.
enum AcceptedPeer {
    /// A client with a user, and its credential.
    User(User, Credential, Endpoint),
    /// A client without identity. Its first request that needs a user makes it a transient guest.
    Nobody(Endpoint),
}

impl ConnectTarget {
    /// Returns the requested name. A user may name itself, even by a stored name that new rules refuse.
    fn requested_name(&self, identity: Option<&Identity>) -> Result<Option<UserName>, Refusal> {
        let own = identity.map(|identity| identity.user.name.as_str());
        self.requested.as_deref().filter(|requested| Some(*requested) != own).map(user_name).transpose()
    }

    /// Accepts a client with an identity as that user, and any other client as a transient guest if guests are allowed.
    /// If the address names a room to enter, the guest is created at once.
    async fn admit(
        self,
        app: &AppState,
        from: ClientAddress,
        identity: Option<Identity>,
        requested: Option<&UserName>,
    ) -> Result<AcceptedPeer, SignInError> {
        let Self { endpoint, key, .. } = self;
        if let Some(Identity { user, session, .. }) = identity {
            return Ok(AcceptedPeer::User(user, Credential::Session(session), endpoint));
        }
        if !app.auth.allows_guests() {
            return Err(SignInError::SignInRequired);
        }
        match &endpoint {
            Endpoint::Typed => return Err(SignInError::SignInRequired),
            Endpoint::Actions | Endpoint::SocketIo { .. } => return Ok(AcceptedPeer::Nobody(endpoint)),
            Endpoint::Plain { .. } | Endpoint::Form { .. } => {}
        }
        app.hub.limits().try_acquire(RateLimitKind::Entering, None, from)?;
        let (user, transient_guest) = match key {
            Some(key) => app.transient_guests.join(&app.hub, key, requested).await?,
            None => (transient_guest::guest(&app.hub, requested).await?, TransientGuest::Exclusive),
        };
        Ok(AcceptedPeer::User(user, Credential::TransientGuest(transient_guest), endpoint))
    }
}

impl AcceptedPeer {
    /// Serves the connection until it ends. The future is as small as that of an idle connection.
    fn serve(
        self,
        hub: Hub,
        from: ClientAddress,
        files: Arc<PeerFiles>,
        transport: Transport,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        match self {
            Self::User(user, credential, endpoint) => {
                let task = ConnectionTask::on_wire(hub, user, credential, from, transport, (endpoint, files));
                Box::pin(Box::new(task).run())
            }
            Self::Nobody(endpoint) => {
                Box::pin(Box::new(Lobby::new(hub, from, transport, (endpoint, files))).run())
            }
        }
    }
}
