//! Data for the page without data that the service worker stores. The data comes from the address and the
//! local copy.

use hubbub_protocol::UserId;
use leptos::prelude::window;

use super::address;
use super::local_copy::LocalCopy;
use crate::RoomPage;

/// Returns the page of the room in the address, or of the room that was open last if the address names none.
pub(crate) fn page() -> Option<RoomPage> {
    if let Some((route, acting_as)) = address::here() {
        let kept = LocalCopy::new(acting_as).page_of(&route.room);
        return Some(kept.unwrap_or_else(|| RoomPage::unread(route.room, acting_as)));
    }
    let search = window().location().search().unwrap_or_default();
    let acting_as = search.strip_prefix("?as=").and_then(|user| user.parse().ok()).map(UserId);
    let copy = LocalCopy::new(acting_as);
    let page = copy.page_of(&copy.last_room()?)?;
    address::correct(&page.route(), acting_as);
    Some(page)
}
