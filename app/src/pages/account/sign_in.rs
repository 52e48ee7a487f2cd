//! The pages `/register` and `/sign-in`.

use hubbub_protocol::AccountRefusal;
use leptos::either::Either;
use leptos::prelude::*;

use crate::components::field::{FieldKind, FormField};
use crate::i18n::strings;
use crate::route::path_to_room;
use crate::snapshot::SignInForm;

#[component]
pub(super) fn RegisterPage(form: SignInForm) -> impl IntoView {
    let all = strings();
    let strings = all.account;
    let SignInForm { name, room, is_guest, guests, registration, problem, .. } = form;
    let why = if is_guest { strings.register_as_guest } else { strings.register_why };
    let of = |field| {
        let problem = problem.as_ref().filter(|problem| problem.field() == Some(field));
        problem.map(|problem| all.account_refusal(problem))
    };
    let form = if registration {
        Either::Left(view! {
            <form class="landing-form" method="post" action="/register">
                <Problem problem=problem.clone() />
                <input type="hidden" name="room" value=room.clone() />
                <FormField
                    name="username"
                    label=strings.name
                    kind=FieldKind::AccountName
                    value=name
                    autofocus=problem.is_none()
                    problem=of("username")
                />
                <FormField
                    name="password"
                    label=strings.password
                    kind=FieldKind::NewPassword
                    hint=strings.password_hint
                    problem=of("new_password")
                />
                <button class="button button-main landing-join" type="submit">
                    {strings.register}
                </button>
            </form>
        })
    } else {
        Either::Right(view! { <p class="landing-notice">{strings.registration_closed}</p> })
    };
    view! {
        <h1 class="landing-title">{strings.register}</h1>
        <p class="landing-tagline">{why}</p>
        {form}
        <p class="account-links">
            {strings.have_account} " " <a href=path_to_room("/sign-in", &room)>{strings.sign_in}</a>
            {guests.then(|| view! { <GuestLink room=room.clone() /> })}
        </p>
    }
}

#[component]
pub(super) fn SignInPage(form: SignInForm) -> impl IntoView {
    let all = strings();
    let strings = all.account;
    let SignInForm { name, room, signed_out, guests, registration, problem, .. } = form;
    view! {
        <h1 class="landing-title">{strings.sign_in}</h1>
        {(!guests).then(|| view! { <p class="landing-tagline">{strings.no_guests}</p> })}
        {signed_out
            .then(|| {
                view! {
                    <p class="landing-notice" role="status">
                        {all.pages.signed_out}
                    </p>
                }
            })}
        <form class="landing-form" method="post" action="/sign-in">
            <Problem problem=problem.clone() />
            <input type="hidden" name="room" value=room.clone() />
            <FormField
                name="username"
                label=strings.name
                kind=FieldKind::AccountName
                autofocus=name.is_empty()
                value=name.clone()
                problem=None
            />
            <FormField
                name="password"
                label=strings.password
                kind=FieldKind::Password
                autofocus=!name.is_empty()
                problem=None
            />
            <button class="button button-main landing-join" type="submit">
                {strings.sign_in}
            </button>
        </form>
        <p class="account-links">
            {registration
                .then(|| {
                    view! {
                        {strings.no_account}
                        " "
                        <a href=path_to_room("/register", &room)>{strings.register}</a>
                    }
                })} {guests.then(|| view! { <GuestLink room=room.clone() /> })}
        </p>
    }
}

/// The link to continue without an account.
#[component]
fn GuestLink(room: String) -> impl IntoView {
    view! {
        " "
        <a href=path_to_room("/", &room)>{strings().account.as_guest}</a>
    }
}

/// The error of the form as a whole.
#[component]
pub(super) fn Problem(problem: Option<AccountRefusal>) -> impl IntoView {
    problem.filter(|problem| problem.field().is_none()).map(|problem| {
        view! {
            <p class="account-problem" role="alert">
                {strings().account_refusal(&problem)}
            </p>
        }
    })
}
