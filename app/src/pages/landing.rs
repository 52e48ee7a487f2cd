//! `/`: a name, a room, and in.

use hubbub_protocol::{Code, Field, PublicRoom, Refusal};
use leptos::either::Either;
use leptos::prelude::*;

use crate::Landing;
use crate::components::icon::Logo;
use crate::components::language::LanguageSwitch;
use crate::i18n::strings;

#[component]
pub(crate) fn LandingPage(landing: Landing) -> impl IntoView {
    let strings = strings();
    let Landing { name, room, rooms, account, signed_out, problem } = landing;
    let (way, to) =
        if account { ("/account", strings.pages.account) } else { ("/sign-in", strings.pages.sign_in) };
    let of_room = problem.as_ref().is_some_and(|problem| problem.field == Some(Field::Room));
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
                    <TextField
                        name="username"
                        label=strings.pages.your_name
                        value=name
                        autocomplete="nickname"
                        readonly=account
                        autofocus=!of_room
                        problem=name_problem
                    />
                    <TextField
                        name="room_id"
                        label=strings.pages.room
                        value=room
                        autocomplete="off"
                        autofocus=of_room
                        hint=strings.pages.room_hint
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

/// Public rooms to choose from: each fills the field for the room.
#[component]
fn OpenRooms(rooms: Vec<PublicRoom>) -> impl IntoView {
    let strings = strings();
    let is_empty = rooms.is_empty();
    let rooms = rooms.into_iter().map(|PublicRoom { room, members, .. }| {
        view! {
            <li>
                <a class="public-room" href=format!("/?room={}", room.name)>
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

/// A field of one line, with what is wrong with it beside it.
#[component]
fn TextField(
    /// Its name in the form, and its id on the page.
    name: &'static str,
    label: &'static str,
    value: String,
    autocomplete: &'static str,
    autofocus: bool,
    #[prop(optional)] readonly: bool,
    #[prop(optional)] hint: Option<&'static str>,
    problem: Option<Refusal>,
) -> impl IntoView {
    let strings = strings();
    let problem_id = format!("{name}-problem");
    let hint_id = format!("{name}-hint");
    let described_by =
        if problem.is_some() { Some(problem_id.clone()) } else { hint.map(|_| hint_id.clone()) };
    // A problem of the whole form is shown here too, but the field is not to blame for it.
    let invalid = problem.as_ref().is_some_and(|problem| problem.code != Code::Unavailable);
    let below = match problem {
        Some(problem) => Either::Left(view! {
            <p class="field-problem" id=problem_id role="alert">
                {strings.refusal(&problem)}
            </p>
        }),
        None => Either::Right(hint.map(|hint| {
            view! {
                <p class="field-hint" id=hint_id>
                    {hint}
                </p>
            }
        })),
    };
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label}
            </label>
            <input
                class="field-input"
                id=name
                name=name
                type="text"
                value=value
                dir="auto"
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                autofocus=autofocus
                readonly=readonly
                aria-required="true"
                aria-invalid=invalid.then_some("true")
                aria-describedby=described_by
            />
            {below}
        </div>
    }
}
