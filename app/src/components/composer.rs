//! The composer: the field in which users write messages and edits.

use hubbub_client::LocalFile;
use hubbub_protocol::{ClientId, MAX_TEXT_CHARS, RoomName, UserId};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::completion::{CompletionList, LIST_ID, active_id};
use super::icon::{Icon, IconName};
use super::local_files::{composer_files, discard_on_cleanup};
use super::message::quote_text;
use crate::browser::keys::FieldKey;
use crate::browser::{field, file_picking, keyboard, picked_files};
use crate::client_only::ClientOnly;
use crate::components::html::textarea_content;
use crate::conversation::ConversationController;
use crate::conversation::completion::Completion;
use crate::conversation::suggestions::{Accepted, Pressed};
use crate::i18n::{isolated, strings};
use crate::lazy;
use crate::state::composer_state::{ComposerMode, ComposerState};

/// Remaining characters at which the counter appears.
const NEAR_LIMIT_CHARS: usize = 200;

const FIELD_ID: &str = "composer";
const PROBLEM_ID: &str = "composer-problem";

/// Hidden fields that the form posts besides the text when no script runs.
#[derive(Clone)]
pub(crate) struct PlainForm {
    pub(crate) action: String,
    pub(crate) client_id: ClientId,
    pub(crate) acting_as: Option<UserId>,
}

/// The field, its button and its mode.
#[component]
pub(crate) fn Composer(
    conversation: ConversationController,
    room: RoomName,
    form: PlainForm,
) -> impl IntoView {
    let strings = strings();
    let ComposerState { draft, mode, problem, files, .. } = conversation.composer;
    let is_editing = Memo::new(move |_| mode.with(|mode| matches!(mode, ComposerMode::Edit(_))));
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        conversation.send();
    };
    let has_files = Memo::new(move |_| !files.with(Vec::is_empty));
    discard_on_cleanup(conversation.composer);
    let unsent_files =
        move || has_files.get().then(|| lazy::show(composer_files(conversation.composer), || ()));
    let completion = Completion::new();
    let on_accept = Callback::new(move |accepted| accept(conversation, accepted));
    view! {
        <form class="composer" method="post" action=form.action on:submit=on_submit>
            <input type="hidden" name="client_id" value=form.client_id.to_string() />
            {form
                .acting_as
                .map(|user| view! { <input type="hidden" name="as" value=user.to_string() /> })}
            <ComposerProblem problem />
            <PurposeBar conversation />
            {unsent_files}
            <AttachedCount files />
            <div class="composer-box" data-files=move || has_files.get().then_some("")>
                <CompletionList completion on_accept />
                <ComposerField conversation room completion />
                <AttachButton conversation />
                <button class="button button-main composer-send" type="submit">
                    <Icon name=IconName::Send size=18 />
                    <span class="composer-word">
                        {move || if is_editing.get() { strings.conversation.save } else { strings.send }}
                    </span>
                </button>
            </div>
            <ComposerFoot draft is_editing />
        </form>
    }
}

/// The text field. The text stays in it until the client accepts it.
#[component]
fn ComposerField(
    conversation: ConversationController,
    room: RoomName,
    completion: Completion,
) -> impl IntoView {
    let strings = strings();
    let ComposerState { draft, problem, .. } = conversation.composer;
    let field = conversation.field;
    let on_input = move |event| {
        let text = event_target_value(&event);
        conversation.update_completion(completion, &text, field::cursor(field));
        conversation.write(text);
    };
    let on_keydown = keyboard::unless_composing(move |event| match completion.press(&event) {
        Pressed::Ignored => on_field_key(conversation, &event),
        Pressed::Used => {}
        Pressed::Accepted(accepted) => accept(conversation, accepted),
    });
    // Updates the field when the draft changes, except at first: text that was typed before hydration becomes
    // the draft.
    Effect::new(move |shown: Option<()>| {
        let text = draft.get();
        let written = if shown.is_none() { field::text(field) } else { String::new() };
        if written.is_empty() { field::set_text(field, &text) } else { draft.set(written) }
    });
    let content = textarea_content(&draft.get_untracked());
    view! {
        <div class="composer-grow" data-text=draft>
            <label class="visually-hidden" for=FIELD_ID>
                {strings.message}
            </label>
            <textarea
                class="composer-field"
                id=FIELD_ID
                name="text"
                rows="1"
                dir="auto"
                autocomplete="off"
                enterkeyhint="send"
                placeholder=(strings.write_to)(room.as_str())
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=move || problem.with(Option::is_some).then_some(PROBLEM_ID)
                node_ref=field
                aria-autocomplete="list"
                aria-controls=LIST_ID
                aria-activedescendant=move || active_id(completion)
                on:input=on_input
                on:blur=move |_| completion.close()
                on:keydown=on_keydown
                on:paste=move |event| file_picking::attach(conversation.file_target(), picked_files::pasted(&event))
                inner_html=content
            ></textarea>
        </div>
    }
}

/// Writes an accepted suggestion to the field and to the draft.
fn accept(conversation: ConversationController, Accepted { text, cursor }: Accepted) {
    field::write(conversation.field, &text, cursor);
    conversation.write(text);
}

/// Handles a key that the list of suggestions does not use.
fn on_field_key(conversation: ConversationController, event: &KeyboardEvent) {
    let ComposerState { draft, mode, .. } = conversation.composer;
    let empty = draft.with_untracked(String::is_empty);
    let plain = mode.with_untracked(|mode| *mode == ComposerMode::New);
    match field::key(event) {
        Some(FieldKey::Send) => conversation.send(),
        Some(FieldKey::Up) if empty => conversation.edit_last(),
        Some(FieldKey::Escape) if !plain => conversation.stop(),
        _ => return,
    }
    event.prevent_default();
}

/// The button that chooses files. On a phone, the system offers its camera too.
#[component]
fn AttachButton(conversation: ConversationController) -> impl IntoView {
    let label = strings().files.attach;
    view! {
        <label class="button button-bare composer-attach needs-script" title=label>
            <Icon name=IconName::Plus />
            <input
                class="visually-hidden"
                type="file"
                multiple
                aria-label=label
                on:change=move |event| file_picking::attach(conversation.file_target(), picked_files::chosen(&event))
            />
        </label>
    }
}

/// Tells screen readers how many files are attached, when the number changes. The element exists before its text, because
/// a text that comes together with it is not announced.
#[component]
fn AttachedCount(files: RwSignal<Vec<LocalFile>>) -> impl IntoView {
    let strings = strings();
    let has_changed = StoredValue::new(false);
    let count = move || {
        let count = files.with(Vec::len);
        if count > 0 {
            has_changed.set_value(true);
        }
        if has_changed.get_value() { (strings.files.attached)(count) } else { String::new() }
    };
    view! {
        <p class="visually-hidden" aria-live="polite">
            {count}
        </p>
    }
}

/// The reason why the text was refused.
#[component]
fn ComposerProblem(problem: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        problem.get().map(|problem| {
            view! {
                <p class="field-problem composer-problem" id=PROBLEM_ID role="alert">
                    {problem}
                </p>
            }
        })
    }
}

/// The hint about keys, and near the limit the number of characters that are left.
#[component]
fn ComposerFoot(draft: RwSignal<String>, is_editing: Memo<bool>) -> impl IntoView {
    let strings = strings();
    let count = move || match draft.with(|text| left_of(text, MAX_TEXT_CHARS)) {
        Ok(left) if left > NEAR_LIMIT_CHARS => None,
        Ok(left) => Some(("composer-count", (strings.characters_left)(left))),
        Err(surplus) => Some(("composer-count composer-count-over", (strings.characters_over)(surplus))),
    };
    view! {
        <div class="composer-foot">
            <span class="composer-hint needs-script">
                {move || if is_editing.get() { strings.conversation.edit_hint } else { strings.keys_hint }}
            </span>
            {move || count().map(|(class, count)| view! { <span class=class>{count}</span> })}
        </div>
    }
}

/// The mode of the composer, if it is a reply or an edit, and a button to cancel it.
#[component]
fn PurposeBar(conversation: ConversationController) -> impl IntoView {
    let strings = strings();
    move || {
        let (name, title, text) = match conversation.composer.mode.get() {
            ComposerMode::New => return None,
            ComposerMode::Reply(quote) => {
                let title = (strings.conversation.replying_to)(&isolated(quote.author.name.as_str()));
                ("reply", title, quote_text(&quote, strings))
            }
            ComposerMode::Edit(editing) => {
                let text = quote_text(&editing.message.quote(), strings);
                ("edit", strings.conversation.editing.to_owned(), text)
            }
        };
        Some(ClientOnly(view! {
            <div class="composer-mode" data-mode=name>
                <div class="composer-mode-text">
                    <span class="composer-mode-title">{title}</span>
                    <span class="quote-text" dir="auto">
                        {text}
                    </span>
                </div>
                <button
                    class="button button-bare"
                    type="button"
                    aria-label=strings.cancel
                    title=strings.cancel
                    on:click=move |_| conversation.stop()
                >
                    <Icon name=IconName::Close size=18 />
                </button>
            </div>
        }))
    }
}

/// Returns how many characters are left, or as an error how many are too many.
fn left_of(text: &str, limit: usize) -> Result<usize, usize> {
    let length = text.trim_end().chars().count();
    limit.checked_sub(length).ok_or_else(|| length - limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_over_the_limit() {
        assert_eq!(left_of("abc", 4), Ok(1));
        assert_eq!(left_of("абвгд", 4), Err(1));
        assert_eq!(left_of("abcd \n", 4), Ok(0));
    }
}
