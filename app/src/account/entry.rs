//! `/register` and `/sign-in`.

use hubbub_protocol::AccountRefusal;
use leptos::either::Either;
use leptos::prelude::*;

use super::Entry;
use super::field::{Field, Kind};
use super::words::words;

#[component]
pub(super) fn RegisterPage(entry: Entry) -> impl IntoView {
    let words = words();
    let Entry { name, room, is_guest, guests, registration, problem, .. } = entry;
    let why = if is_guest { words.register_as_guest } else { words.register_why };
    let of = |field| problem.clone().filter(|problem| problem.field() == Some(field));
    let form = if registration {
        Either::Left(view! {
            <form class="entrance-form" method="post" action="/register">
                <Problem problem=problem.clone() />
                <input type="hidden" name="room" value=room.clone() />
                <Field
                    name="username"
                    label=words.name
                    kind=Kind::Name
                    value=name
                    autofocus=problem.is_none()
                    problem=of("username")
                />
                <Field
                    name="password"
                    label=words.password
                    kind=Kind::NewPassword
                    hint=words.password_hint
                    problem=of("new_password")
                />
                <button class="button button-main entrance-join" type="submit">
                    {words.register}
                </button>
            </form>
        })
    } else {
        Either::Right(view! { <p class="entrance-notice">{words.registration_closed}</p> })
    };
    view! {
        <h1 class="entrance-title">{words.register}</h1>
        <p class="entrance-tagline">{why}</p>
        {form}
        <p class="account-ways">
            {words.have_account} " " <a href=with_room("/sign-in", &room)>{words.sign_in}</a>
            {guests.then(|| view! { <GuestWay room=room.clone() /> })}
        </p>
    }
}

#[component]
pub(super) fn SignInPage(entry: Entry) -> impl IntoView {
    let words = words();
    let Entry { name, room, signed_out, guests, registration, problem, .. } = entry;
    view! {
        <h1 class="entrance-title">{words.sign_in}</h1>
        {(!guests).then(|| view! { <p class="entrance-tagline">{words.no_guests}</p> })}
        {signed_out
            .then(|| {
                view! {
                    <p class="entrance-notice" role="status">
                        {words.signed_out()}
                    </p>
                }
            })}
        <form class="entrance-form" method="post" action="/sign-in">
            <Problem problem=problem.clone() />
            <input type="hidden" name="room" value=room.clone() />
            <Field
                name="username"
                label=words.name
                kind=Kind::Name
                autofocus=name.is_empty()
                value=name.clone()
                problem=None
            />
            <Field
                name="password"
                label=words.password
                kind=Kind::Password
                autofocus=!name.is_empty()
                problem=None
            />
            <button class="button button-main entrance-join" type="submit">
                {words.sign_in}
            </button>
        </form>
        <p class="account-ways">
            {registration
                .then(|| {
                    view! {
                        {words.no_account}
                        " "
                        <a href=with_room("/register", &room)>{words.register}</a>
                    }
                })} {guests.then(|| view! { <GuestWay room=room.clone() /> })}
        </p>
    }
}

/// The way in without an account.
#[component]
fn GuestWay(room: String) -> impl IntoView {
    view! {
        " "
        <a href=with_room("/", &room)>{words().as_guest}</a>
    }
}

/// What is wrong with the form as a whole.
#[component]
pub(super) fn Problem(problem: Option<AccountRefusal>) -> impl IntoView {
    problem.filter(|problem| problem.field().is_none()).map(|problem| {
        view! {
            <p class="account-problem" role="alert">
                {words().refusal(&problem)}
            </p>
        }
    })
}

/// A page that leads to the room afterwards. What stands in the field for it may be anything.
fn with_room(path: &str, room: &str) -> String {
    let is_name = hubbub_protocol::RoomName::parse(room).is_ok();
    if is_name { format!("{path}?room={room}") } else { path.to_owned() }
}
