//! The landing page at `/`: a form for a name and a room.

use hubbub_protocol::{Code, Field, PublicRoom};
use leptos::prelude::*;

use crate::components::field::{FieldKind, FormField};
use crate::components::icon::Logo;
use crate::components::language::LanguageSwitch;
use crate::i18n::strings;
use crate::route::path_to_room;
use crate::snapshot::Landing;

#[component]
pub(crate) fn LandingPage(landing: Landing) -> impl IntoView {
    let strings = strings();
    let Landing { name, room, rooms, account, signed_out, problem } = landing;
    let (way, to) =
        if account { ("/account", strings.pages.account) } else { ("/sign-in", strings.pages.sign_in) };
    let of_room = problem.as_ref().is_some_and(|problem| problem.field == Some(Field::Room));
    // An error of the whole form is shown at the name field, but does not mark the field as invalid.
    let blameless = problem.as_ref().is_some_and(|problem| problem.code == Code::Unavailable);
    let problem = problem.map(|problem| strings.refusal(&problem));
    let (room_problem, name_problem) = if of_room { (problem, None) } else { (None, problem) };
    view! {
        <main class="landing">
            <section class="landing-card">
                <div class="landing-head">
                    <Logo size=56 />
                    <h1 class="landing-title">"Hubbub"</h1>
                    <p class="landing-tagline">{strings.pages.tagline}</p>
                </div>
                {signed_out
                    .then(|| {
                        view! {
                            <p class="landing-notice" role="status">
                                {strings.pages.signed_out}
                            </p>
                        }
                    })}
                <form class="landing-form" method="post" action="/join_chat">
                    <FormField
                        name="username"
                        label=strings.pages.your_name
                        kind=FieldKind::GuestName
                        value=name
                        readonly=account
                        autofocus=!of_room
                        blameless
                        problem=name_problem
                    />
                    <FormField
                        name="room_id"
                        label=strings.pages.room
                        kind=FieldKind::Room
                        value=room
                        hint=strings.pages.room_hint
                        blameless
                        problem=room_problem
                    />
                    <button class="button button-main landing-join" type="submit">
                        {strings.join}
                    </button>
                </form>
                <p class="landing-links">
                    {(!account).then_some(strings.pages.have_account)} " " <a href=way>{to}</a>
                </p>
            </section>
            <OpenRooms rooms />
            <div class="landing-foot">
                <LanguageSwitch back="/?room=".to_owned() />
            </div>
        </main>
    }
}

/// Public rooms; a click on one fills the room field.
#[component]
fn OpenRooms(rooms: Vec<PublicRoom>) -> impl IntoView {
    let strings = strings();
    let is_empty = rooms.is_empty();
    let rooms = rooms.into_iter().map(|PublicRoom { room, members, .. }| {
        view! {
            <li>
                <a class="public-room" href=path_to_room("/", room.name.as_str())>
                    <span class="public-name">
                        <span class="room-hash" aria-hidden="true">
                            "#"
                        </span>
                        <bdi>{room.name.to_string()}</bdi>
                    </span>
                    <span class="public-members">{(strings.frame.members)(members)}</span>
                    <span class="public-topic" dir="auto">
                        {room.topic.to_string()}
                    </span>
                </a>
            </li>
        }
    });
    view! {
        <section class="landing-rooms" aria-labelledby="open-rooms">
            <h2 class="landing-rooms-title" id="open-rooms">
                {strings.pages.open_rooms}
            </h2>
            <ul role="list">{rooms.collect_view()}</ul>
            {is_empty.then(|| view! { <p class="landing-tagline">{strings.pages.no_open_rooms}</p> })}
        </section>
    }
}
