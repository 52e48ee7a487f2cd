//! The form that asks a visitor without a session for a name; it stands in place of the composer. The server
//! answers the form, so the page needs no program before.

use hubbub_protocol::{RoomName, Seq};
use leptos::prelude::*;

use crate::i18n::strings;
use crate::route::path_to_room;

#[component]
pub(crate) fn NameForm(
    /// The room to which the visitor returns.
    room: RoomName,
    /// Position of the message in the address.
    at: Option<Seq>,
) -> impl IntoView {
    let strings = strings();
    let pages = strings.pages;
    let sign_in = path_to_room("/sign-in", room.as_str());
    view! {
        <form class="name-form" method="post" action="/join_chat" aria-label=pages.join_conversation>
            <p class="name-form-text">{(pages.join_room)(room.as_str())}</p>
            <input type="hidden" name="room_id" value=room.to_string() />
            {at.map(|at| view! { <input type="hidden" name="at" value=at.to_string() /> })}
            <div class="name-form-row">
                <label class="unseen" for="username">
                    {pages.your_name}
                </label>
                <input
                    class="field-input name-form-field"
                    id="username"
                    name="username"
                    type="text"
                    dir="auto"
                    placeholder=pages.your_name
                    autocomplete="nickname"
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus
                />
                <button class="button button-main name-form-join" type="submit">
                    {strings.join}
                </button>
            </div>
            <p class="name-form-ways">
                <button class="button button-bare" type="submit" name="guest" value="1">
                    {pages.as_guest}
                </button>
                <a class="button button-bare" href=sign_in>
                    {pages.sign_in}
                </a>
            </p>
        </form>
    }
}
