//! Who I am, how I appear, and what I like.

use hubbub_client::Intent;
use hubbub_protocol::{Presence, Status};
use leptos::prelude::*;

use super::avatar::{Avatar, presence_name};
use super::language::LanguageSwitch;
use crate::browser::{chat_task, tab};
use crate::i18n::strings;
use crate::state::ChatSignals;

const ID: &str = "me";
const TITLE_ID: &str = "me-title";

const STATUSES: [Status; 4] = [Status::Online, Status::Away, Status::Busy, Status::Invisible];

/// My name, and the menu behind it. The browser opens and closes it by itself.
#[component]
pub(crate) fn MeMenu(
    chat: ChatSignals,
    /// Where one takes another name.
    landing: String,
) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    let status = move || chat.appearance.with(|appearance| appearance.status);
    let button = move || {
        let name = chat.me.get().map(|me| me.name);
        let shown = name.as_ref().map_or_else(|| frame.me_unknown.to_owned(), ToString::to_string);
        // Whatever I have chosen: without a connection nobody sees me.
        let lost = move || chat.is_kept.get() || chat.connection_problem.with(Option::is_some);
        let presence =
            Signal::derive(move || Some(if lost() { Presence::Offline } else { presence_of(status()) }));
        view! {
            {name.map(|name| view! { <Avatar name presence /> })}
            <span class="me-name">
                <bdi>{shown}</bdi>
                <span class="me-status">
                    {move || if lost() { strings.offline } else { status_words(status()) }}
                </span>
            </span>
        }
    };
    let back = Signal::derive(move || chat.route.with(|route| route.path(chat.acting_as)));
    let handle = chat_task::use_handle();
    let share = move || chat.appearance.with(|appearance| appearance.share_reads);
    let reduced_motion = RwSignal::new(false);
    Effect::new(move |_| reduced_motion.set(tab::is_motion_reduced()));
    view! {
        <div class="me">
            <button class="me-button" type="button" popovertarget=ID title=frame.my_settings>
                {button}
                <span class="unseen">", "{frame.my_settings}</span>
            </button>
            <div class="me-menu" id=ID popover="auto" role="group" aria-labelledby=TITLE_ID>
                <h2 class="unseen" id=TITLE_ID>
                    {frame.my_settings}
                </h2>
                <fieldset class="me-part needs-script">
                    <legend class="me-legend">{frame.my_status}</legend>
                    {STATUSES.map(|choice| view! { <StatusChoice chat choice /> }).into_view()}
                </fieldset>
                <div class="me-part needs-script">
                    <label class="me-choice">
                        <input
                            type="checkbox"
                            prop:checked=share
                            on:change=move |_| {
                                let share_reads = Some(!chat.appearance.get_untracked().share_reads);
                                handle.submit(Intent::Appear { status: None, share_reads });
                            }
                        />
                        {frame.share_reads}
                    </label>
                    <label class="me-choice">
                        <input
                            type="checkbox"
                            prop:checked=reduced_motion
                            on:change=move |_| {
                                reduced_motion.update(|reduced_motion| *reduced_motion = !*reduced_motion);
                                tab::set_reduced_motion(reduced_motion.get_untracked());
                            }
                        />
                        {frame.reduce_motion}
                    </label>
                </div>
                <div class="me-part me-ways">
                    <LanguageSwitch back />
                    // Another page: it leaves the chat.
                    <a class="button button-bare" href="/account">
                        {frame.account}
                    </a>
                    <a class="button button-bare" href=landing>
                        {frame.other_name}
                    </a>
                </div>
            </div>
        </div>
    }
}

#[component]
fn StatusChoice(chat: ChatSignals, choice: Status) -> impl IntoView {
    let handle = chat_task::use_handle();
    view! {
        <label class="me-choice">
            <input
                type="radio"
                name="status"
                value=choice.as_str()
                prop:checked=move || chat.appearance.with(|appearance| appearance.status == choice)
                on:change=move |_| {
                    handle.submit(Intent::Appear { status: Some(choice), share_reads: None });
                }
            />
            <span class="dot" data-presence=presence_name(presence_of(choice)) aria-hidden="true"></span>
            {status_words(choice)}
        </label>
    }
}

/// How others see whoever has chosen this.
const fn presence_of(status: Status) -> Presence {
    match status {
        Status::Online => Presence::Online,
        Status::Away => Presence::Away,
        Status::Busy => Presence::Busy,
        Status::Invisible => Presence::Offline,
    }
}

fn status_words(status: Status) -> &'static str {
    let frame = strings().frame;
    match status {
        Status::Online => frame.status_online,
        Status::Away => frame.status_away,
        Status::Busy => frame.status_busy,
        Status::Invisible => frame.status_invisible,
    }
}
