//! The account settings at `/account`.

use hubbub_protocol::AccountRefusal;
use leptos::prelude::*;

use super::sign_in::Problem;
use super::time::Moment;
use crate::components::field::{FieldKind, FormField};
use crate::i18n::strings;
use crate::snapshot::{AccountAction, AccountSettings, SessionRow};

/// The refused form of the page, and the reason.
#[derive(Clone)]
struct RefusedForm(Option<(AccountAction, AccountRefusal)>);

impl RefusedForm {
    /// Returns the error of a field in the form of an action.
    fn problem(&self, action: AccountAction, field: &str) -> Option<String> {
        let (_, refusal) =
            self.0.as_ref().filter(|(of, refusal)| *of == action && refusal.field() == Some(field))?;
        Some(strings().account_refusal(refusal))
    }
}

/// The notice about a completed action, and the forms.
#[component]
pub(super) fn AccountSettingsPage(settings: AccountSettings) -> impl IntoView {
    let strings = strings().account;
    let AccountSettings { name, entered_name, sessions, done, problem } = settings;
    let done = done.map(|action| match action {
        AccountAction::Rename => strings.renamed,
        AccountAction::ChangePassword => strings.password_changed,
        AccountAction::EndSessions => strings.sessions_ended,
        AccountAction::Remove => strings.removed,
    });
    let whole = problem.as_ref().map(|(_, problem)| problem.clone());
    let refused = RefusedForm(problem);
    view! {
        <h1 class="landing-title">{strings.account}</h1>
        <p class="landing-tagline">{(strings.signed_in_as)(&name)}</p>
        {done
            .map(|done| {
                view! {
                    <p class="landing-notice" role="status">
                        {done}
                    </p>
                }
            })}
        <Problem problem=whole />
        <RenameForm entered_name refused=refused.clone() />
        <PasswordForm name refused=refused.clone() />
        <Sessions sessions />
        <RemoveForm refused />
        <p class="account-links">
            <a href="/">{strings.to_chat}</a>
        </p>
    }
}

#[component]
fn RenameForm(entered_name: String, refused: RefusedForm) -> impl IntoView {
    let strings = strings().account;
    view! {
        <form class="landing-form" method="post" action="/account/name">
            <h2 class="account-part">{strings.name}</h2>
            <FormField
                name="username"
                label=strings.name
                kind=FieldKind::AccountName
                value=entered_name
                hint=strings.name_hint
                problem=refused.problem(AccountAction::Rename, "username")
            />
            <button class="button" type="submit">
                {strings.rename}
            </button>
        </form>
    }
}

#[component]
fn PasswordForm(name: String, refused: RefusedForm) -> impl IntoView {
    let strings = strings().account;
    view! {
        <form class="landing-form" method="post" action="/account/password">
            <h2 class="account-part">{strings.password}</h2>
            // Tells password managers to which account the password belongs.
            <input type="hidden" name="username" autocomplete="username" value=name />
            <FormField
                name="password"
                label=strings.current_password
                kind=FieldKind::Password
                problem=refused.problem(AccountAction::ChangePassword, "password")
            />
            <FormField
                name="new_password"
                label=strings.new_password
                kind=FieldKind::NewPassword
                hint=strings.password_hint
                problem=refused.problem(AccountAction::ChangePassword, "new_password")
            />
            <button class="button" type="submit">
                {strings.change_password}
            </button>
        </form>
    }
}

/// The form that deletes the account. It is folded until it is refused.
#[component]
fn RemoveForm(refused: RefusedForm) -> impl IntoView {
    let strings = strings().account;
    let is_refused = matches!(refused.0, Some((AccountAction::Remove, _)));
    view! {
        <details class="account-remove" open=is_refused>
            <summary>{strings.remove}</summary>
            <form class="landing-form" method="post" action="/account/remove">
                <p>{strings.remove_what}</p>
                <FormField
                    name="password"
                    id="remove-password"
                    label=strings.current_password
                    kind=FieldKind::Password
                    problem=refused.problem(AccountAction::Remove, "password")
                />
                <button class="button button-danger" type="submit">
                    {strings.remove_for_ever}
                </button>
            </form>
        </details>
    }
}

#[component]
fn Sessions(sessions: Vec<SessionRow>) -> impl IntoView {
    let strings = strings().account;
    let others = sessions.len() > 1;
    let rows = sessions.into_iter().map(|session| view! { <Session session /> }).collect_view();
    view! {
        <section class="landing-form">
            <h2 class="account-part">{strings.sessions}</h2>
            <ul class="account-sessions">{rows}</ul>
            {others
                .then(|| {
                    view! {
                        <form method="post" action="/account/sessions/end_others">
                            <button class="button" type="submit">
                                {strings.end_others}
                            </button>
                        </form>
                    }
                })}
            <form method="post" action="/sign-out">
                <button class="button" type="submit">
                    {strings.sign_out}
                </button>
            </form>
        </section>
    }
}

#[component]
fn Session(session: SessionRow) -> impl IntoView {
    let strings = strings().account;
    let SessionRow { id, device, since, seen, is_this } = session;
    let device = if device.is_empty() { strings.unknown_device.to_owned() } else { device };
    let label = (strings.end_session)(&device);
    let seen = match seen {
        Some(seen) if !is_this => view! {
            {strings.last_seen}
            " "
            <Moment at=seen />
        }
        .into_any(),
        _ => view! { {strings.in_use} }.into_any(),
    };
    view! {
        <li class="account-session">
            <p>
                <strong>{device}</strong>
                {is_this.then(|| format!(" · {}", strings.this_session))}
            </p>
            // The time is at the end of its line, so that nothing moves when a script converts it to local
            // time.
            <p class="field-hint">{seen}</p>
            <p class="field-hint">{strings.since} " " <Moment at=since /></p>
            {(!is_this)
                .then(|| {
                    view! {
                        <form method="post" action="/account/sessions/end">
                            <input type="hidden" name="session" value=id.to_string() />
                            <button class="button" type="submit" aria-label=label>
                                {strings.end}
                            </button>
                        </form>
                    }
                })}
        </li>
    }
}
