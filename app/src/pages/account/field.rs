//! A field of one line, with what is wrong with it beside it.

use hubbub_protocol::AccountRefusal;
use leptos::prelude::*;

use super::strings::strings;

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Password,
    NewPassword,
}

#[component]
pub(super) fn Field(
    /// Its name in the form, and its id on the page unless that is given.
    name: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    label: &'static str,
    kind: Kind,
    #[prop(optional)] value: String,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] hint: Option<&'static str>,
    problem: Option<AccountRefusal>,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let below_id = format!("{id}-about");
    let is_wrong = problem.is_some();
    let described_by = (is_wrong || hint.is_some()).then(|| below_id.clone());
    let text = problem.map(|problem| strings().refusal(&problem)).or(hint.map(str::to_owned));
    let below = text.map(|text| {
        let class = if is_wrong { "field-problem" } else { "field-hint" };
        view! {
            <p class=class id=below_id role=is_wrong.then_some("alert")>
                {text}
            </p>
        }
    });
    let (kind, autocomplete) = match kind {
        Kind::Name => ("text", "username"),
        Kind::Password => ("password", "current-password"),
        Kind::NewPassword => ("password", "new-password"),
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <input
                class="field-input"
                id=id
                name=name
                type=kind
                value=(kind == "text").then_some(value)
                dir="auto"
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                autofocus=autofocus || is_wrong
                aria-required="true"
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=described_by
            />
            {below}
        </div>
    }
}
