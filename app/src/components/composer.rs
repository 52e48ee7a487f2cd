//! Where one writes.

use hubbub_protocol::{ClientId, MAX_TEXT_CHARS, RoomName, UserId};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::completion::{Completion, CompletionList, LIST_ID};
use super::icon::{Icon, Picture};
use crate::browser::field::{self, FieldKey};
use crate::completion::{Accepted, Pressed};
use crate::html::textarea_content;
use crate::i18n::{isolated, words};
use crate::talk::Talk;
use crate::writing::{Purpose, Writing};

/// So many characters before the limit, their number is shown.
const NEAR_LIMIT_CHARS: usize = 200;

const FIELD_ID: &str = "composer";
const PROBLEM_ID: &str = "composer-problem";

/// What the form posts besides the text when there is no script.
#[derive(Clone)]
pub(crate) struct PlainForm {
    pub(crate) action: String,
    pub(crate) client_id: ClientId,
    pub(crate) acting_as: Option<UserId>,
}

/// The field and its button, and what the text will be. It keeps the text until somebody takes it.
#[component]
pub(crate) fn Composer(talk: Talk, room: RoomName, form: PlainForm) -> impl IntoView {
    let words = words();
    let Writing { draft, purpose, problem } = talk.writing;
    let field = talk.field;
    let is_editing = Memo::new(move |_| purpose.with(|purpose| matches!(purpose, Purpose::Edit(_))));

    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        talk.send();
    };
    let completion = Completion::new();
    let accept = move |Accepted { text, cursor }: Accepted| {
        field::write(field, &text, cursor);
        talk.write(text);
    };
    let on_input = move |event| {
        let text = event_target_value(&event);
        talk.look(completion, &text, field::cursor(field));
        talk.write(text);
    };
    let on_keydown = move |event: KeyboardEvent| {
        match completion.press(&event) {
            Pressed::Ignored => {}
            Pressed::Used => return,
            Pressed::Accepted(accepted) => return accept(accepted),
        }
        let empty = draft.with_untracked(String::is_empty);
        let plain = purpose.with_untracked(|purpose| *purpose == Purpose::Say);
        match field::key(&event) {
            Some(FieldKey::Send) => talk.send(),
            Some(FieldKey::Up) if empty => talk.edit_last(),
            Some(FieldKey::Escape) if !plain => talk.stop(),
            _ => return,
        }
        event.prevent_default();
    };
    // The field shows the draft, except at first: what was written before the page came alive is the draft.
    Effect::new(move |shown: Option<()>| {
        let text = draft.get();
        let written = if shown.is_none() { field::text(field) } else { String::new() };
        if written.is_empty() { field::set_text(field, &text) } else { draft.set(written) }
    });

    let content = textarea_content(&draft.get_untracked());
    let count = move || match draft.with(|text| left_of(text, MAX_TEXT_CHARS)) {
        Ok(left) if left > NEAR_LIMIT_CHARS => None,
        Ok(left) => Some(("composer-count", (words.characters_left)(left))),
        Err(over) => Some(("composer-count composer-count-over", (words.characters_over)(over))),
    };
    view! {
        <form class="composer" method="post" action=form.action on:submit=on_submit>
            <input type="hidden" name="client_id" value=form.client_id.to_string() />
            {form
                .acting_as
                .map(|user| view! { <input type="hidden" name="as" value=user.to_string() /> })}
            {move || {
                problem
                    .get()
                    .map(|problem| {
                        view! {
                            <p class="field-problem composer-problem" id=PROBLEM_ID role="alert">
                                {problem}
                            </p>
                        }
                    })
            }}
            <PurposeBar talk />
            <div class="composer-box">
                <CompletionList completion on_accept=Callback::new(accept) />
                <div class="composer-grow" data-text=draft>
                    <label class="unseen" for=FIELD_ID>
                        {words.message}
                    </label>
                    <textarea
                        class="composer-field"
                        id=FIELD_ID
                        name="text"
                        rows="1"
                        dir="auto"
                        autocomplete="off"
                        enterkeyhint="send"
                        placeholder=(words.write_to)(room.as_str())
                        aria-invalid=move || problem.with(Option::is_some).then_some("true")
                        aria-describedby=move || problem.with(Option::is_some).then_some(PROBLEM_ID)
                        node_ref=field
                        aria-autocomplete="list"
                        aria-controls=LIST_ID
                        aria-activedescendant=move || completion.active_id()
                        on:input=on_input
                        on:blur=move |_| completion.close()
                        on:keydown=on_keydown
                        inner_html=content
                    ></textarea>
                </div>
                <button class="button button-main composer-send" type="submit">
                    <Icon picture=Picture::Send size=18 />
                    <span class="composer-word">
                        {move || if is_editing.get() { words.talk.save } else { words.send }}
                    </span>
                </button>
            </div>
            <div class="composer-foot">
                <span class="composer-hint needs-script">
                    {move || if is_editing.get() { words.talk.edit_hint } else { words.keys_hint }}
                </span>
                {move || count().map(|(class, count)| view! { <span class=class>{count}</span> })}
            </div>
        </form>
    }
}

/// What the text will be, where it is not simply a message, and the way back.
#[component]
fn PurposeBar(talk: Talk) -> impl IntoView {
    let words = words();
    move || {
        let (name, title, text) = match talk.writing.purpose.get() {
            Purpose::Say => return None,
            Purpose::Answer(quote) => {
                let title = (words.talk.replying_to)(&isolated(quote.author.name.as_str()));
                ("reply", title, quote.text.unwrap_or_else(|| words.talk.quote_deleted.to_owned()))
            }
            Purpose::Edit(editing) => {
                let text = editing.message.text.as_ref().map(ToString::to_string).unwrap_or_default();
                ("edit", words.talk.editing.to_owned(), text)
            }
        };
        Some(view! {
            <div class="purpose" data-purpose=name>
                <div class="purpose-about">
                    <span class="purpose-title">{title}</span>
                    <span class="quote-text" dir="auto">
                        {text}
                    </span>
                </div>
                <button
                    class="button button-bare"
                    type="button"
                    aria-label=words.cancel
                    title=words.cancel
                    on:click=move |_| talk.stop()
                >
                    <Icon picture=Picture::Close size=18 />
                </button>
            </div>
        })
    }
}

/// How many characters still fit, or how many are too many.
fn left_of(text: &str, limit: usize) -> Result<usize, usize> {
    let length = text.trim_end().chars().count();
    limit.checked_sub(length).ok_or_else(|| length - limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_counted() {
        assert_eq!(left_of("abc", 4), Ok(1));
        assert_eq!(left_of("абвгд", 4), Err(1));
        assert_eq!(left_of("abcd \n", 4), Ok(0));
    }
}
