//! A small emoji picker. Arrow keys, Home and End move through it as through a grid; Tab leaves it.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::Language;
use crate::browser::{focus, keyboard};
use crate::conversation::emoji::{self, EmojiEntry, GROUPS, neighbour};
use crate::i18n::strings;

/// Maximum recently used emoji that are shown: one row.
const MAX_RECENT: usize = emoji::COLUMNS;

/// The picker, with the recently used emoji first. The parent closes it on Esc and after a selection.
#[component]
pub(crate) fn EmojiPicker(
    on_pick: Callback<String>,
    /// Recently used emoji, newest first.
    recent: Vec<String>,
) -> impl IntoView {
    let strings = strings();
    // The button that is in the tab order: the one that had the focus last (roving tabindex).
    let current = RwSignal::new(0_usize);
    let recent = known(&recent);
    let count = recent.len();
    let lengths = move || {
        std::iter::once(count).chain(GROUPS.iter().map(|group| group.emoji.len())).collect::<Vec<_>>()
    };
    let on_keydown = keyboard::unless_composing(move |event: KeyboardEvent| {
        if let Some(next) = neighbour(&lengths(), current.get_untracked(), &event.key()) {
            event.prevent_default();
            current.set(next);
            focus::within(&event, ".emoji-picker", &format!("[data-emoji=\"{next}\"]"));
        }
    });
    let used = (count > 0).then(|| {
        let emoji = recent.into_iter().enumerate().collect();
        view! { <Group title=strings.composer.emoji_recent emoji current on_pick /> }
    });
    let mut first = count;
    let all = GROUPS.iter().map(|group| {
        let emoji = (first..).zip(group.emoji).collect();
        first += group.emoji.len();
        view! { <Group title=(group.title)(strings) emoji current on_pick /> }
    });
    let all = all.collect_view();
    view! {
        <div class="emoji-picker" role="group" aria-label=strings.composer.emoji on:keydown=on_keydown>
            {used}
            {all}
        </div>
    }
}

/// A category of emoji; `first` counts from the start of the whole picker.
#[component]
fn Group(
    title: &'static str,
    emoji: Vec<(usize, &'static EmojiEntry)>,
    current: RwSignal<usize>,
    on_pick: Callback<String>,
) -> impl IntoView {
    let language = expect_context::<Language>();
    let buttons = emoji.into_iter().map(|(route, emoji)| {
        let name = emoji.name(language);
        view! {
            <button
                class="emoji-button"
                type="button"
                aria-label=name
                title=name
                data-emoji=route
                autofocus=route == 0
                tabindex=move || if current.get() == route { "0" } else { "-1" }
                on:focus=move |_| current.set(route)
                on:click=move |_| on_pick.run(emoji.text.to_owned())
            >
                {emoji.text}
            </button>
        }
    });
    view! {
        <div class="emoji-group" role="group" aria-label=title>
            <p class="emoji-title" aria-hidden="true">
                {title}
            </p>
            <div class="emoji-grid">{buttons.collect_view()}</div>
        </div>
    }
}

/// Returns the recently used emoji that the picker knows, without duplicates.
fn known(recent: &[String]) -> Vec<&'static EmojiEntry> {
    let mut known: Vec<&'static EmojiEntry> = Vec::new();
    for emoji in recent.iter().filter_map(|text| emoji::find(text)) {
        if !known.contains(&emoji) && known.len() < MAX_RECENT {
            known.push(emoji);
        }
    }
    known
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn html(language: Language, recent: &[&str]) -> String {
        let recent: Vec<String> = recent.iter().map(|text| (*text).to_owned()).collect();
        Owner::new().with(|| {
            provide_context(language);
            view! { <EmojiPicker on_pick=Callback::new(|_| ()) recent /> }.to_html()
        })
    }

    #[test]
    fn every_emoji_has_a_label_and_one_is_in_the_tab_order() {
        let html = html(Language::Ru, &[]);
        assert!(html.contains("aria-label=\"палец вверх\""));
        assert_eq!(html.matches("<button").count(), emoji::all().count());
        assert_eq!(html.matches("tabindex=\"0\"").count(), 1);
        assert!(!html.contains("Недавние"));
    }

    #[test]
    fn recently_used_emoji_come_first() {
        let html = html(Language::En, &["🔥", "x", "👍", "🔥"]);
        let (fire, thumb, row_modes) = (html.find("🔥"), html.find("👍"), html.find("Faces"));
        assert!(html.contains("Recently used") && fire < thumb && thumb < row_modes);
        assert_eq!(html.matches("<button").count(), emoji::all().count() + 2);
    }
}
