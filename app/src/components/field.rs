//! Single-line fields with a hint or an error below: [`LineField`] in an interactive page, `FormField` in a
//! form that works without a script.

use hubbub_protocol::Refusal;
use leptos::either::Either;
use leptos::html::Input;
use leptos::prelude::*;

use crate::i18n::strings;

/// The kind of value of a form field.
#[cfg(any(feature = "ssr", feature = "csr"))]
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "only the server has the pages about accounts"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    GuestName,
    AccountName,
    Room,
    Password,
    NewPassword,
}

#[cfg(any(feature = "ssr", feature = "csr"))]
impl FieldKind {
    /// Returns the input type and the autofill token (HTML, section 4.10.18.7).
    const fn attributes(self) -> (&'static str, &'static str) {
        match self {
            Self::GuestName => ("text", "nickname"),
            Self::AccountName => ("text", "username"),
            Self::Room => ("text", "off"),
            Self::Password => ("password", "current-password"),
            Self::NewPassword => ("password", "new-password"),
        }
    }
}

/// A field of a form that works without a script.
#[cfg(any(feature = "ssr", feature = "csr"))]
#[component]
pub(crate) fn FormField(
    /// Name of the field in the form; also its id, unless `id` is given.
    name: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    label: &'static str,
    kind: FieldKind,
    /// Value of the field. Passwords are never sent back.
    #[prop(optional)]
    value: String,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] readonly: bool,
    #[prop(optional)] hint: Option<&'static str>,
    /// The error, shown instead of the hint.
    problem: Option<String>,
    /// Whether the error concerns the whole form and not this field.
    #[prop(optional)]
    blameless: bool,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let below_id = format!("{id}-about");
    let has_problem = problem.is_some();
    let is_invalid = has_problem && !blameless;
    let described_by = (has_problem || hint.is_some()).then(|| below_id.clone());
    let below = problem.or(hint.map(str::to_owned)).map(|text| {
        let class = if has_problem { "field-problem" } else { "field-hint" };
        view! {
            <p class=class id=below_id role=has_problem.then_some("alert")>
                {text}
            </p>
        }
    });
    let (input_type, autocomplete) = kind.attributes();
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <input
                class="field-input"
                id=id
                name=name
                type=input_type
                value=(input_type == "text").then_some(value)
                dir="auto"
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                autofocus=autofocus || has_problem
                readonly=readonly
                aria-required="true"
                aria-invalid=is_invalid.then_some("true")
                aria-describedby=described_by
            />
            {below}
        </div>
    }
}

/// A field of an interactive page.
#[component]
pub(crate) fn LineField(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    /// Value of the field.
    text: RwSignal<String>,
    /// Error of the field.
    problem: RwSignal<Option<Refusal>>,
    /// The input element, for callers that set the focus.
    field: NodeRef<Input>,
) -> impl IntoView {
    let strings = strings();
    let below_id = format!("{id}-about");
    let described_by = below_id.clone();
    let below = move || match problem.get() {
        Some(problem) => Either::Left(view! {
            <span class="field-problem" role="alert">
                {strings.refusal(&problem)}
            </span>
        }),
        None => Either::Right(view! { <span class="field-hint">{hint}</span> }),
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <input
                class="field-input"
                id=id
                type="text"
                dir="auto"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=described_by
                node_ref=field
                prop:value=text
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    problem.set(None);
                }
            />
            <p id=below_id>{below}</p>
        </div>
    }
}
