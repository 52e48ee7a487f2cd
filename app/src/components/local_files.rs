//! Files of unsent messages: the chips in the composer, and the rows below a message that waits. Both are a lazy part.

use hubbub_client::{LocalFile, UploadEvent};
use hubbub_protocol::{ClientId, FileName};
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::browser::uploads;
use crate::client_only::ClientOnly;
use crate::conversation::ConversationController;
use crate::i18n::strings;
use crate::lazy_part::lazy_part;
use crate::state::composer_state::ComposerState;

lazy_part! {
    file uploads, preload _preload;
    /// The files of a message that waits or has failed.
    pub(crate) fn local_files(files: Vec<LocalFile>, conversation: ConversationController) -> AnyView {
        // An update changes the elements in place, so that a button keeps the focus while an upload proceeds.
        ClientOnly(view! { <LocalFiles files conversation /> }).into_any()
    }
}

lazy_part! {
    file uploads, preload _preload_chips;
    /// The files in the composer.
    pub(crate) fn composer_files(composer: ComposerState) -> AnyView {
        ClientOnly(view! { <ComposerFiles composer /> }).into_any()
    }
}

/// The files of a message, with the progress of their uploads.
#[component]
fn LocalFiles(files: Vec<LocalFile>, conversation: ConversationController) -> impl IntoView {
    let strings = strings();
    let rows = files.into_iter().map(|file| {
        let size = (strings.files.size)(file.size);
        let status = match (file.failure(), file.attachment(), file.sent) {
            (Some(refusal), ..) => strings.refusal(refusal),
            (_, Some(_), _) => size,
            (_, _, Some(sent)) => (strings.files.progress)(&(strings.files.size)(sent), &size),
            (_, _, None) => format!("{size} · {}", strings.files.waiting),
        };
        let LocalFile { upload_id, name, size, .. } = file.clone();
        let retry = file.failure().is_some().then(|| {
            view! {
                <button
                    class="button"
                    type="button"
                    on:click=move |_| conversation.on_upload(upload_id, UploadEvent::Retry)
                >
                    {strings.retry}
                </button>
            }
        });
        let bar = file.sent.map(|sent| {
            view! { <progress class="file-progress" max=size value=sent aria-label=name.to_string()></progress> }
        });
        let on_remove = Callback::new(move |()| conversation.on_upload(upload_id, UploadEvent::Cancel));
        view! {
            <li class="local-file" data-failed=file.failure().is_some().then_some("")>
                <Name name=name.clone() />
                <span class="file-size">{status}</span>
                {bar}
                {retry}
                <Remove name on_remove />
            </li>
        }
    });
    view! {
        <ul class="local-files" role="list" aria-live="off">
            {rows.collect_view()}
        </ul>
    }
}

/// The files that will be sent with the text.
#[component]
fn ComposerFiles(composer: ComposerState) -> impl IntoView {
    let strings = strings();
    let files = composer.files;
    let remove = move |upload_id: ClientId| {
        files.update(|files| files.retain(|file| file.upload_id != upload_id));
        uploads::discard(upload_id);
    };
    view! {
        <ul class="composer-files" role="list">
            <For each=move || files.get() key=|file| file.upload_id let:file>
                <li class="local-file">
                    <Name name=file.name.clone() />
                    <span class="file-size">{(strings.files.size)(file.size)}</span>
                    <Remove name=file.name on_remove=Callback::new(move |()| remove(file.upload_id)) />
                </li>
            </For>
        </ul>
    }
}

/// A name whose first part may be shortened; its ending is always visible.
#[component]
fn Name(name: FileName) -> impl IntoView {
    let (stem, ending) = name.split();
    let (stem, ending) = (stem.to_owned(), ending.to_owned());
    view! {
        <span class="file-name" dir="auto" title=name.to_string()>
            <span class="file-stem">{stem}</span>
            <span>{ending}</span>
        </span>
    }
}

/// The button that takes a file out of its message.
#[component]
fn Remove(name: FileName, on_remove: Callback<()>) -> impl IntoView {
    let label = (strings().files.remove)(name.as_str());
    view! {
        <button
            class="button button-bare"
            type="button"
            aria-label=label.clone()
            title=label
            on:click=move |_| on_remove.run(())
        >
            <Icon name=IconName::Close size=16 />
        </button>
    }
}

/// Discards the contents of files that are still in the composer when it is closed.
pub(crate) fn discard_on_cleanup(composer: ComposerState) {
    on_cleanup(move || {
        for file in composer.files.try_get_untracked().unwrap_or_default() {
            uploads::discard(file.upload_id);
        }
    });
}
