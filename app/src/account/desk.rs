//! `/account`.

use leptos::prelude::*;

use super::entry::Problem;
use super::field::{Field, Kind};
use super::time::Moment;
use super::words::words;
use super::{Deed, Desk, SessionRow};

#[component]
pub(super) fn DeskPage(desk: Desk) -> impl IntoView {
    let words = words();
    let Desk { name, wish, sessions, done, problem } = desk;
    let of = |deed: Deed, field: &str| {
        let problem = problem.as_ref().filter(|(of, problem)| *of == deed && problem.field() == Some(field));
        problem.map(|(_, problem)| problem.clone())
    };
    let whole = problem.as_ref().map(|(_, problem)| problem.clone());
    let removing = problem.as_ref().is_some_and(|(deed, _)| *deed == Deed::Remove);
    view! {
        <h1 class="entrance-title">{words.account}</h1>
        <p class="entrance-tagline">{(words.signed_in_as)(&name)}</p>
        {done
            .map(|deed| {
                view! {
                    <p class="entrance-notice" role="status">
                        {words.done(deed)}
                    </p>
                }
            })}
        <Problem problem=whole />
        <form class="entrance-form" method="post" action="/account/name">
            <h2 class="account-part">{words.name}</h2>
            <Field
                name="username"
                label=words.name
                kind=Kind::Name
                value=wish
                hint=words.name_hint
                problem=of(Deed::Rename, "username")
            />
            <button class="button" type="submit">
                {words.rename}
            </button>
        </form>
        <form class="entrance-form" method="post" action="/account/password">
            <h2 class="account-part">{words.password}</h2>
            // A password manager wants to know whose password it is.
            <input type="hidden" name="username" autocomplete="username" value=name.clone() />
            <Field
                name="password"
                label=words.current_password
                kind=Kind::Password
                problem=of(Deed::ChangePassword, "password")
            />
            <Field
                name="new_password"
                label=words.new_password
                kind=Kind::NewPassword
                hint=words.password_hint
                problem=of(Deed::ChangePassword, "new_password")
            />
            <button class="button" type="submit">
                {words.change_password}
            </button>
        </form>
        <Sessions sessions />
        <details class="account-remove" open=removing>
            <summary>{words.remove}</summary>
            <form class="entrance-form" method="post" action="/account/remove">
                <p>{words.remove_what}</p>
                <Field
                    name="password"
                    id="remove-password"
                    label=words.current_password
                    kind=Kind::Password
                    problem=of(Deed::Remove, "password")
                />
                <button class="button button-danger" type="submit">
                    {words.remove_for_ever}
                </button>
            </form>
        </details>
        <p class="account-ways">
            <a href="/">{words.to_chat}</a>
        </p>
    }
}

#[component]
fn Sessions(sessions: Vec<SessionRow>) -> impl IntoView {
    let words = words();
    let others = sessions.len() > 1;
    let rows = sessions.into_iter().map(|session| view! { <Session session /> }).collect_view();
    view! {
        <section class="entrance-form">
            <h2 class="account-part">{words.sessions}</h2>
            <ul class="account-sessions">{rows}</ul>
            {others
                .then(|| {
                    view! {
                        <form method="post" action="/account/sessions/end_others">
                            <button class="button" type="submit">
                                {words.end_others}
                            </button>
                        </form>
                    }
                })}
            <form method="post" action="/sign-out">
                <button class="button" type="submit">
                    {words.sign_out}
                </button>
            </form>
        </section>
    }
}

#[component]
fn Session(session: SessionRow) -> impl IntoView {
    let words = words();
    let SessionRow { id, device, since, seen, is_this } = session;
    let device = if device.is_empty() { words.unknown_device.to_owned() } else { device };
    let label = (words.end_session)(&device);
    let seen = match seen {
        Some(seen) if !is_this => view! {
            {words.last_seen}
            " "
            <Moment at=seen />
        }
        .into_any(),
        _ => view! { {words.in_use} }.into_any(),
    };
    view! {
        <li class="account-session">
            <p>
                <strong>{device}</strong>
                {is_this.then(|| format!(" · {}", words.this_session))}
            </p>
            <p class="field-hint">{words.since} " " <Moment at=since /> " · " {seen}</p>
            {(!is_this)
                .then(|| {
                    view! {
                        <form method="post" action="/account/sessions/end">
                            <input type="hidden" name="session" value=id.to_string() />
                            <button class="button" type="submit" aria-label=label>
                                {words.end}
                            </button>
                        </form>
                    }
                })}
        </li>
    }
}
