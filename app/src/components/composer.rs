//! Where one writes.

use hubbub_protocol::{ClientId, Code, MAX_TEXT_CHARS, MessageText, RoomName, UserId};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;

use super::icon::{Icon, Picture};
use crate::browser::field;
use crate::i18n::words;

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

/// The field and its button. It keeps the text until somebody takes it.
#[component]
pub(crate) fn Composer(
    room: RoomName,
    form: PlainForm,
    /// What is written so far.
    draft: RwSignal<String>,
    /// Why it was not taken.
    problem: RwSignal<Option<String>>,
    /// The field itself, for those who put the focus there.
    field: NodeRef<Textarea>,
    /// Whether messages go over the living connection. Otherwise the form is posted, as without a script.
    alive: bool,
    /// Takes the text; if it does not, says why.
    on_post: Callback<MessageText, Result<(), String>>,
) -> impl IntoView {
    let words = words();

    let post = move || {
        match MessageText::parse(draft.get_untracked().trim_end()) {
            Ok(text) => match on_post.run(text) {
                Ok(()) => {
                    problem.set(None);
                    draft.set(String::new());
                }
                Err(reason) => problem.set(Some(reason)),
            },
            // Nothing to send is nothing to complain about.
            Err(refusal) if refusal.code == Code::Empty => problem.set(None),
            Err(refusal) => problem.set(Some(words.refusal(&refusal))),
        }
        field::focus(field);
    };
    let on_submit = move |event: SubmitEvent| {
        if alive {
            event.prevent_default();
            post();
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        if field::is_send_key(&event) {
            event.prevent_default();
            if alive { post() } else { field::submit(field) }
        }
    };
    let on_input = move |event| {
        draft.set(event_target_value(&event));
        problem.set(None);
    };
    // The field shows the draft, except at first: what was written before the page came alive is the draft.
    Effect::new(move |shown: Option<()>| {
        let text = draft.get();
        let written = if shown.is_none() { field::text(field) } else { String::new() };
        if written.is_empty() { field::set_text(field, &text) } else { draft.set(written) }
    });

    let markup = escape(&draft.get_untracked());
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
            <div class="composer-box">
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
                        on:input=on_input
                        on:keydown=on_keydown
                        inner_html=markup
                    ></textarea>
                </div>
                <button class="button button-main composer-send" type="submit">
                    <Icon picture=Picture::Send size=18 />
                    <span class="composer-word">{words.send}</span>
                </button>
            </div>
            <div class="composer-foot">
                <span class="composer-hint needs-script">{words.keys_hint}</span>
                {move || count().map(|(class, count)| view! { <span class=class>{count}</span> })}
            </div>
        </form>
    }
}

/// How many characters still fit, or how many are too many.
fn left_of(text: &str, limit: usize) -> Result<usize, usize> {
    let length = text.trim_end().chars().count();
    limit.checked_sub(length).ok_or_else(|| length - limit)
}

/// The text as the inside of a `<textarea>`: Leptos writes the children of one as they are, and a draft
/// could close the element and go on as markup.
fn escape(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + 1);
    // A line break right behind the tag is swallowed by the parser (HTML, section 13.2.6.4.7), so give it one.
    markup.push('\n');
    for character in text.chars() {
        match character {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            other => markup.push(other),
        }
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_cannot_leave_its_field() {
        assert_eq!(escape("</textarea><b>&amp;"), "\n&lt;/textarea&gt;&lt;b&gt;&amp;amp;");
    }

    #[test]
    fn what_is_too_much_is_counted() {
        assert_eq!(left_of("abc", 4), Ok(1));
        assert_eq!(left_of("абвгд", 4), Err(1));
        assert_eq!(left_of("abcd \n", 4), Ok(0));
    }
}
