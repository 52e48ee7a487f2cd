//! A field of one line in a dialog, with what is wrong with it beside it.

use hubbub_protocol::Refusal;
use leptos::either::Either;
use leptos::html::Input;
use leptos::prelude::*;

use crate::i18n::strings;

#[component]
pub(crate) fn LineField(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    /// What stands in it.
    text: RwSignal<String>,
    /// What is wrong with it.
    problem: RwSignal<Option<Refusal>>,
    /// The field itself, for those who put the focus there.
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
