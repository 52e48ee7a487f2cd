//! The addresses of the legacy protocols: authenticates the client and starts the task of its connection.

pub(super) mod actions;
pub(super) mod form;
pub(super) mod plain;
pub(super) mod socketio;
pub(super) mod typed;

use axum::extract::Request;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Response};
use hubbub_protocol::{Field, Refusal, RoomName, User, UserName};
use hubbub_wires::Endpoint;

use super::App;
use super::middleware::client::ClientAddress;
use crate::config::Guests;
use crate::hub::Hub;
use crate::hub::connection_task::lobby::Lobby;
use crate::hub::connection_task::{ConnectionTask, Credential};
use crate::hub::transport::Transport;
use crate::identity::passing::{self, Key, Passing};
use crate::identity::{self, Identity, Problem, SignInError};
use crate::limits::Bucket;
use crate::net::handshake::Handshake;
use crate::net::listener::Place;

/// The parameters of a connection in its address.
struct Visit {
    opening: Endpoint,
    /// The name that a client without identity requests.
    wish: Option<UserName>,
    /// The key that several connections of one user share.
    key: Option<Key>,
}

impl Visit {
    const fn to(opening: Endpoint) -> Self {
        Self { opening, wish: None, key: None }
    }
}

/// Returns the room in an address. A name that is not UTF-8 is refused.
async fn room(app: &App, named: Result<String, PathRejection>) -> Result<RoomName, Refusal> {
    let named = named.map_err(|_| Refusal::invalid(Field::Room, "the name of the room is not UTF-8"))?;
    app.hub.room_name(&named).await.map_err(|_| Refusal::unavailable())?
}

/// Checks origin, handshake and identity, then gives the socket to its task.
async fn open(app: App, mut request: Request, visit: Result<Visit, Refusal>) -> Response {
    if !app.origins.allow(request.headers()) {
        return Problem::wrong_origin().into_response();
    }
    let from = ClientAddress::of(request.extensions());
    let visit = match visit {
        Ok(visit) => visit,
        Err(refusal) => return Problem::of_address(refusal).into_response(),
    };
    let place = request.extensions().get::<Place>().cloned();
    let handshake = match Handshake::check(&mut request) {
        Ok(handshake) => handshake,
        Err(refused) => return *refused,
    };
    let identity = identity::identify(&app, request.headers(), request.uri().query()).await;
    let identity = match identity {
        Ok(identity) => identity,
        Err(refused) => return refused.into_response(),
    };
    let comer = match visit.admit(&app, from, identity).await {
        Ok(comer) => comer,
        Err(refused) => return refused.into_response(),
    };
    let (response, socket) = handshake.accept(None);
    let hub = app.hub.clone();
    app.hub.tasks().spawn(async move {
        // The task holds the connection permit until it ends.
        let _place = place;
        let Some(socket) = socket.await else { return };
        comer.serve(hub, from, Transport::over(socket)).await;
    });
    response
}

/// A client that is accepted.
enum Comer {
    /// A client with a user, and its credential.
    User(User, Credential, Endpoint),
    /// A client without identity. Its first request that needs a user makes it a transient guest.
    Nobody(Endpoint),
}

impl Visit {
    /// Accepts a client with an identity as that user, and any other client as a transient guest if guests are allowed.
    /// If the address names a room to enter, the guest is created at once.
    async fn admit(
        self,
        app: &App,
        from: ClientAddress,
        identity: Option<Identity>,
    ) -> Result<Comer, SignInError> {
        let Self { opening, wish, key } = self;
        if let Some(Identity { user, session, .. }) = identity {
            return Ok(Comer::User(user, Credential::Session(session), opening));
        }
        if app.guests == Guests::Off {
            return Err(SignInError::SignInRequired);
        }
        match &opening {
            Endpoint::Typed => return Err(SignInError::SignInRequired),
            Endpoint::Actions | Endpoint::SocketIo { .. } => return Ok(Comer::Nobody(opening)),
            Endpoint::Plain { .. } | Endpoint::Form { .. } => {}
        }
        app.hub.limits().take(Bucket::Entering, None, from.0)?;
        let (user, passing) = match key {
            Some(key) => app.passing.come(&app.hub, key, wish.as_ref()).await?,
            None => (passing::guest(&app.hub, wish.as_ref()).await?, Passing::Alone),
        };
        Ok(Comer::User(user, Credential::Passing(passing), opening))
    }
}

impl Comer {
    /// Serves the connection until it ends.
    async fn serve(self, hub: Hub, ClientAddress(from): ClientAddress, transport: Transport) {
        match self {
            Self::User(user, right, opening) => {
                ConnectionTask::on_wire(hub, user, right, from, transport, opening).run().await;
            }
            Self::Nobody(opening) => Lobby::new(hub, from, transport, opening).run().await,
        }
    }
}
