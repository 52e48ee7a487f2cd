//! Chooses names that no online user and no other known user has.

use std::collections::HashSet;

use hubbub_chat::text::NameSkeletons;
use hubbub_chat::{NameRegistry, StoreError};
use hubbub_protocol::{UserId, UserName};

use super::Hub;
use crate::clock::wall_time;

/// Returns the requested name, with a number if it looks like the name of another user. The name is reserved for this
/// user until the user connects.
///
/// # Errors
/// If storage fails.
pub(super) async fn choose(
    hub: &Hub,
    requested: &UserName,
    user: Option<UserId>,
) -> Result<UserName, StoreError> {
    // The requested name is tried alone first, because most names are free, and comparing thirty names takes thirty
    // times as long.
    if let Some(name) = first_free(hub, vec![requested.clone()], user).await? {
        return Ok(name);
    }
    let names = NameRegistry::alternatives(requested, |below| rand::random_range(0..below));
    let chosen = first_free(hub, names, user).await?;
    // All numbers that were tried are in use.
    Ok(chosen.unwrap_or_else(|| UserName::generated(rand::random())))
}

/// Whether a user may have exactly this name. If so, it is reserved for this user until the user connects.
///
/// # Errors
/// If storage fails.
pub(super) async fn reserve(hub: &Hub, name: &UserName, user: Option<UserId>) -> Result<bool, StoreError> {
    Ok(first_free(hub, vec![name.clone()], user).await?.is_some())
}

/// Whether no connected user has a name that looks like this one. If so, it is reserved for a guest who is being created.
/// The caller checks the names of absent users.
pub(super) fn reserve_among_present(hub: &Hub, name: &UserName) -> bool {
    hub.names().choose(vec![name.clone()], &HashSet::new(), None, hub.clock().now()).is_some()
}

async fn first_free(
    hub: &Hub,
    names: Vec<UserName>,
    user: Option<UserId>,
) -> Result<Option<UserName>, StoreError> {
    let looks: Vec<NameSkeletons> = names.iter().map(|name| NameSkeletons::of(name.as_str())).collect();
    let looks: Vec<&str> = looks.iter().flat_map(NameSkeletons::iter).collect();
    let held = hub.store().held_looks(&looks, user, wall_time()).await?;
    Ok(hub.names().choose(names, &held, user, hub.clock().now()))
}
