//! The content of the menu: status, display settings, language, shortcuts and account.

use hubbub_client::Intent;
use hubbub_protocol::Status;
use leptos::prelude::*;

use super::{ID, presence_of, status_words};
use crate::Language;
use crate::browser::{chat_task, display, popover};
use crate::client_only::lazy_view;
use crate::components::avatar::presence_name;
use crate::components::icon::{Icon, IconName};
use crate::display::{DisplaySettings, TextSize, Theme};
use crate::i18n::strings;
use crate::lazy_part::lazy_part;
use crate::state::ChatSignals;
use crate::state::dialog_kind::DialogKind;

const STATUSES: [Status; 4] = [Status::Online, Status::Away, Status::Busy, Status::Invisible];

lazy_part! {
    file menus, preload preload;
    pub(super) fn menu_content(
        chat: ChatSignals,
        dialog_kind: RwSignal<Option<DialogKind>>,
        landing: String,
    ) -> AnyView {
        let frame = strings().frame;
        let content = view! {
            <fieldset class="me-part">
                <legend class="visually-hidden">{frame.my_status}</legend>
                {STATUSES.map(|choice| view! { <StatusRow chat choice /> }).into_view()}
            </fieldset>
            <DisplayRows />
            <div class="me-part">
                <ShareReads chat />
                <LanguageRow chat />
                <button
                    class="menu-item"
                    type="button"
                    on:click=move |_| {
                        popover::hide(ID);
                        dialog_kind.set(Some(DialogKind::Keys));
                    }
                >
                    <Icon name=IconName::Keyboard size=18 />
                    <span class="menu-label">{frame.keys}</span>
                    <kbd class="sidebar-key" aria-hidden="true">
                        "?"
                    </kbd>
                </button>
            </div>
            <div class="me-part">
                <a class="menu-item" href="/account">
                    <Icon name=IconName::Account size=18 />
                    {frame.account}
                </a>
                <a class="menu-item" href=landing>
                    <Icon name=IconName::Edit size=18 />
                    {frame.other_name}
                </a>
                {chat.is_account.then(|| view! { <SignOut /> })}
            </div>
        };
        lazy_view(content)
    }
}

#[component]
fn StatusRow(chat: ChatSignals, choice: Status) -> impl IntoView {
    let handle = chat_task::use_handle();
    view! {
        <label class="menu-item">
            <span class="dot" data-presence=presence_name(presence_of(choice)) aria-hidden="true"></span>
            <span class="menu-label">{status_words(choice)}</span>
            <input
                type="radio"
                name="status"
                value=choice.as_str()
                prop:checked=move || chat.appearance.with(|appearance| appearance.status == choice)
                on:change=move |_| {
                    handle.submit(Intent::Appear { status: Some(choice), share_reads: None });
                }
            />
        </label>
    }
}

/// The display settings, which belong to the browser and not to a user.
#[component]
fn DisplayRows() -> impl IntoView {
    let frame = strings().frame;
    let settings = RwSignal::new(display::settings());
    let change = move |change: fn(&mut DisplaySettings, usize), choice: usize| {
        settings.update(|settings| change(settings, choice));
        display::set(settings.get_untracked());
    };
    let themes = Theme::ALL.into_iter().zip(frame.themes).enumerate().map(|(index, (theme, label))| {
        let checked = move || settings.with(|settings| settings.theme == theme);
        let choose = move |_| change(|settings, index| settings.theme = Theme::ALL[index], index);
        view! {
            <label class="segment">
                <input type="radio" name="theme" prop:checked=checked on:change=choose />
                {label}
            </label>
        }
    });
    let sizes = TextSize::ALL.into_iter().zip(frame.text_sizes).enumerate().map(|(index, (size, label))| {
        let checked = move || settings.with(|settings| settings.text_size == size);
        let choose = move |_| change(|settings, index| settings.text_size = TextSize::ALL[index], index);
        view! {
            <label class="segment" data-size=index title=label>
                <input type="radio" name="text-size" aria-label=label prop:checked=checked on:change=choose />
                "A"
            </label>
        }
    });
    view! {
        <div class="me-part">
            <fieldset class="menu-item" title=frame.theme>
                <legend class="visually-hidden">{frame.theme}</legend>
                <Icon name=IconName::Theme size=18 />
                <span class="segments">{themes.collect_view()}</span>
            </fieldset>
            <fieldset class="menu-item" title=frame.text_size>
                <legend class="visually-hidden">{frame.text_size}</legend>
                <Icon name=IconName::TextSize size=18 />
                <span class="segments">{sizes.collect_view()}</span>
            </fieldset>
            <CheckRow
                icon=IconName::Density
                label=frame.compact
                checked=Signal::derive(move || settings.with(|settings| settings.is_compact))
                on_change=Callback::new(move |()| {
                    change(|settings, _| settings.is_compact = !settings.is_compact, 0);
                })
            />
            <CheckRow
                icon=IconName::Pause
                label=frame.reduce_motion
                checked=Signal::derive(move || settings.with(|settings| settings.is_motion_reduced))
                on_change=Callback::new(move |()| {
                    change(|settings, _| settings.is_motion_reduced = !settings.is_motion_reduced, 0);
                })
            />
        </div>
    }
}

#[component]
fn ShareReads(chat: ChatSignals) -> impl IntoView {
    let handle = chat_task::use_handle();
    view! {
        <CheckRow
            icon=IconName::Eye
            label=strings().frame.share_reads
            checked=Signal::derive(move || chat.appearance.with(|appearance| appearance.share_reads))
            on_change=Callback::new(move |()| {
                let share_reads = Some(!chat.appearance.get_untracked().share_reads);
                handle.submit(Intent::Appear { status: None, share_reads });
            })
        />
    }
}

#[component]
fn CheckRow(
    icon: IconName,
    label: &'static str,
    checked: Signal<bool>,
    on_change: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="menu-item">
            <Icon name=icon size=18 />
            <span class="menu-label">{label}</span>
            <input type="checkbox" prop:checked=checked on:change=move |_| on_change.run(()) />
        </label>
    }
}

/// The language switch. It is a form, as on every page.
#[component]
fn LanguageRow(chat: ChatSignals) -> impl IntoView {
    let here = expect_context::<Language>();
    let back = move || chat.route.with(|route| route.path(chat.acting_as));
    let others = Language::ALL.into_iter().filter(|language| *language != here);
    let buttons = others.map(|language| {
        view! {
            <button class="menu-item" type="submit" name="language" value=language.tag() lang=language.tag()>
                <Icon name=IconName::Language size=18 />
                {language.name()}
            </button>
        }
    });
    view! {
        <form method="post" action="/language" aria-label=strings().language>
            <input type="hidden" name="back" value=back />
            {buttons.collect_view()}
        </form>
    }
}

/// The sign-out form. The next page asks before it discards unsent messages (`browser/sign_out.rs`).
#[component]
fn SignOut() -> impl IntoView {
    view! {
        <form method="post" action="/sign-out">
            <button class="menu-item" type="submit">
                <Icon name=IconName::Leave size=18 />
                {strings().frame.sign_out}
            </button>
        </form>
    }
}
