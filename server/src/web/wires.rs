//! The addresses of the older wires: who comes, with what identity, and over to the connection's task.

pub(super) mod actions;
pub(super) mod form;
pub(super) mod plain;
pub(super) mod socketio;
pub(super) mod typed;

use axum::extract::Request;
use axum::extract::rejection::PathRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use hubbub_protocol::{Field, Refusal, RoomName, User, UserName};
use hubbub_wires::Opening;

use super::App;
use super::middleware::client::ClientAddress;
use crate::config::Guests;
use crate::hub::connection_task::{ConnectionTask, Right};
use crate::hub::transport::Transport;
use crate::identity::passing::{self, Key, Passing};
use crate::identity::{self, Identity, NotIdentified, Problem, SignInError};
use crate::limits::Bucket;
use crate::net::handshake::Handshake;
use crate::net::listener::Place;

/// What an address says about a connection.
struct Visit {
    opening: Opening,
    /// What whoever has no name would like to be called.
    wish: Option<UserName>,
    /// What several connections of one person have in common.
    key: Option<Key>,
}

impl Visit {
    const fn to(opening: Opening) -> Self {
        Self { opening, wish: None, key: None }
    }
}

/// The room that an address names. What is no text at all is no name either.
fn room(named: Result<String, PathRejection>) -> Result<RoomName, Refusal> {
    let named = named.map_err(|_| Refusal::invalid(Field::Room, "the name of the room is not UTF-8"))?;
    RoomName::parse(&named)
}

/// Checks origin, handshake and identity, then hands the socket to its task.
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
    let (user, right, opening) = match visit.who(&app, from, request.headers(), request.uri().query()).await {
        Ok(who) => who,
        Err(refused) => return refused.into_response(),
    };
    let (response, socket) = handshake.accept(None);
    let hub = app.hub.clone();
    app.hub.tasks().spawn(async move {
        // The place among all connections is this task's until it ends.
        let _place = place;
        let Some(socket) = socket.await else { return };
        ConnectionTask::on_wire(hub, user, right, from.0, Transport::over(socket), opening).run().await;
    });
    response
}

/// Why a request for a socket is refused.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Token(NotIdentified),
    #[error(transparent)]
    Guest(SignInError),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Token(refused) => refused.into_response(),
            Self::Guest(refused) => refused.into_response(),
        }
    }
}

impl Visit {
    /// Whether somebody with these headers may come in at all.
    async fn admit(self, app: &App, headers: &HeaderMap, query: Option<&str>) -> Result<(), Refused> {
        let identity = identity::identify(app, headers, query).await.map_err(Refused::Token)?;
        match identity {
            None if self.needs_identity(app) => Err(Refused::Guest(SignInError::SignInRequired)),
            Some(_) | None => Ok(()),
        }
    }

    fn needs_identity(&self, app: &App) -> bool {
        app.guests == Guests::Off || matches!(self.opening, Opening::Typed)
    }

    /// Whoever brings an identity is who they are; anybody else is a guest who passes, where guests are let in.
    async fn who(
        self,
        app: &App,
        from: ClientAddress,
        headers: &HeaderMap,
        query: Option<&str>,
    ) -> Result<(User, Right, Opening), Refused> {
        let needs_identity = self.needs_identity(app);
        let Self { opening, wish, key } = self;
        let identity = identity::identify(app, headers, query).await;
        if let Some(Identity { user, session, .. }) = identity.map_err(Refused::Token)? {
            return Ok((user, Right::Session(session), opening));
        }
        if needs_identity {
            return Err(Refused::Guest(SignInError::SignInRequired));
        }
        let refused = |refusal: Refusal| Refused::Guest(refusal.into());
        app.hub.limits().take(Bucket::Entering, None, from.0).map_err(refused)?;
        let made = match key {
            Some(key) => app.passing.come(&app.hub, key, wish.as_ref()).await,
            None => passing::guest(&app.hub, wish.as_ref()).await.map(|user| (user, Passing::Alone)),
        };
        let (user, passing) = made.map_err(|error| Refused::Guest(error.into()))?;
        Ok((user, Right::Passing(passing), opening))
    }
}
